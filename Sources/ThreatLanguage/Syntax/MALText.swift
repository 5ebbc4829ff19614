/// The texts of MAL source: what stands between quotes, and what its escapes mean.
enum MALText {
  /// What stands between the quotes of a string token's bytes, escapes untouched.
  static func content(of token: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let quote = UInt8(ascii: "\"")
    let width = token.count >= 6 && token.prefix(3).allSatisfy { $0 == quote } ? 3 : 1
    let bytes = token.dropFirst(width)
    return bytes.count >= width && bytes.last == quote ? bytes.dropLast(width) : bytes
  }

  /// The text with `\"`, `\\`, `\n`, `\r`, `\t`, `\b` and `\f` replaced; another character after a
  /// backslash stands for both.
  static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
    var value: [UInt8] = []
    value.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex {
        index += 1
        if let meaning = escapes[bytes[index]] {
          value.append(meaning)
        } else {
          value += [UInt8(ascii: "\\"), bytes[index]]
        }
      } else {
        value.append(bytes[index])
      }
      index += 1
    }
    return String(decoding: value, as: UTF8.self)
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "b"): 8,
    UInt8(ascii: "f"): 12,
  ]
}
