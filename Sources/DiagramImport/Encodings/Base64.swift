import EngineSupport

/// Base64 (RFC 4648, section 4), strictly: correct padding, no stray characters; ASCII white space is passed over.
package enum Base64 {
  /// Errors: `import.base64.malformed`.
  package static func decode(_ text: [UInt8]) throws(DecodingFailure) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    var digits = 0
    var padding = 0
    for (offset, byte) in text.enumerated() {
      if byte == 0x20 || (0x09...0x0D).contains(byte) { continue }
      if byte == UInt8(ascii: "=") {
        padding += 1
        guard digits + padding <= 4, digits >= 2 else {
          throw DecodingFailure("import.base64.malformed", "misplaced '=' in base64", at: offset)
        }
        continue
      }
      guard let value = value(of: byte), padding == 0 else {
        throw DecodingFailure(
          "import.base64.malformed", "a character that does not belong in base64", at: offset)
      }
      group = group << 6 | UInt32(value)
      digits += 1
      if digits == 4 {
        output.append(UInt8(truncatingIfNeeded: group >> 16))
        output.append(UInt8(truncatingIfNeeded: group >> 8))
        output.append(UInt8(truncatingIfNeeded: group))
        group = 0
        digits = 0
      }
    }
    guard digits == 0 || digits + padding == 4 else {
      throw DecodingFailure(
        "import.base64.malformed", "the base64 text ends inside a group of four", at: text.count)
    }
    if digits == 3 {
      output.append(UInt8(truncatingIfNeeded: group >> 10))
      output.append(UInt8(truncatingIfNeeded: group >> 2))
    } else if digits == 2 {
      output.append(UInt8(truncatingIfNeeded: group >> 4))
    }
    let spare: UInt32 = digits == 3 ? 0b11 : digits == 2 ? 0b1111 : 0
    guard group & spare == 0 else {
      throw DecodingFailure(
        "import.base64.malformed", "the last base64 digit carries stray bits", at: text.count)
    }
    return output
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
