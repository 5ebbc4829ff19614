import EngineSupport

/// Percent-encoding (RFC 3986, section 2.1) as JavaScript's `decodeURIComponent` undoes it: `+` stays `+`.
package enum PercentEncoding {
  /// The decoded bytes, which are checked to be UTF-8. Errors: `import.percent.malformed`.
  package static func decode(_ text: [UInt8]) throws(DecodingFailure) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let byte = text[position]
      guard byte == UInt8(ascii: "%") else {
        output.append(byte)
        position += 1
        continue
      }
      guard position + 2 < text.count, let high = digit(text[position + 1]),
        let low = digit(text[position + 2])
      else {
        throw DecodingFailure(
          "import.percent.malformed", "'%' without two hexadecimal digits", at: position)
      }
      output.append(high << 4 | low)
      position += 3
    }
    guard String(validating: output, as: UTF8.self) != nil else {
      throw DecodingFailure(
        "import.percent.malformed", "the percent-decoded text is not UTF-8", at: 0)
    }
    return output
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
