import { describe, expect, test } from '@jest/globals'
import { readContentType } from './content-type.js'

function faultOf(header: string): unknown {
  try {
    return readContentType(header)
  } catch (error) {
    return error
  }
}

describe('content types', () => {
  test.each([undefined, '', 'application/json', 'Application/JSON', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'application/json; charset=utf8', 'application/json; profile=x'])(
    '%j is JSON',
    (header) => expect(readContentType(header).type).toBe('application/json'),
  )

  test('a form is told by its type, whatever the case', () => {
    expect(readContentType('application/X-WWW-form-urlencoded').type).toBe('application/x-www-form-urlencoded')
  })

  test('the boundary of a multipart form is kept', () => {
    expect(readContentType('multipart/form-data; boundary=AaB03x')).toEqual({ type: 'multipart/form-data', header: 'multipart/form-data; boundary=AaB03x' })
  })

  test.each(['text/weird', 'text/plain;charset=UTF-8', 'application/jsonx', 'nope', ';', 'application/xml; charset=utf-8'])('%j is refused by name', (header) => {
    expect(faultOf(header)).toMatchObject({ id: 'network.http.unsupported_content', status: 400, props: [header] })
  })

  test.each(['latin1', 'iso-8859-1', 'utf-16'])('the charset %s is refused by name', (charset) => {
    expect(faultOf(`application/json; charset=${charset}`)).toMatchObject({ id: 'network.http.unsupported_charset', status: 400, props: [charset] })
  })
})
