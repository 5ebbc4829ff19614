/// Carries U+FEFF past Yams, which drops it from the start of any scalar as if it were a byte order mark.
///
/// Where the text has one, as itself or as an escape, a private-use character that the text does not have
/// stands in for it while Yams reads; places do not move. Almost no file needs this.
struct YAMLByteOrderMarks {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// What Yams reads.
  private(set) var text: String
  private var standIn: Unicode.Scalar?

  init(_ text: String, _ bytes: [UInt8]) {
    self.text = text
    // The document itself may start with a mark, which is none of its text.
    let start = bytes.starts(with: Self.mark) ? 3 : 0
    var places: [(offset: Int, replaced: Int)] = []
    var offset = start
    while offset < bytes.count {
      if bytes[offset] == Self.mark[0], bytes[offset...].starts(with: Self.mark) {
        places.append((offset, 3))
      } else if bytes[offset] == UInt8(ascii: "\\") {
        let next = bytes[(offset + 1)...].first
        let rest = bytes[(offset + 1)...].prefix(9).map { $0 | 0x20 }
        if next == UInt8(ascii: "u"), rest.starts(with: "ufeff".utf8) {
          places.append((offset + 2, 4))
        } else if next == UInt8(ascii: "U"), rest.elementsEqual("u0000feff".utf8) {
          places.append((offset + 6, 4))
        } else if next == UInt8(ascii: "\\") {
          // An escaped backslash escapes nothing.
          offset += 1
        }
      }
      offset += 1
    }
    guard !places.isEmpty, let standIn = Self.unused(in: text) else { return }
    self.standIn = standIn
    var changed = bytes
    for (offset, count) in places {
      let new = count == 3 ? Array(String(standIn).utf8) : Array(Self.digits(standIn).utf8)
      changed.replaceSubrange(offset..<offset + count, with: new)
    }
    self.text = String(decoding: changed, as: UTF8.self)
  }

  /// A scalar as the document has it. Escapes mean something between double quotes only.
  func restored(_ scalar: String, isEscaped: Bool) -> String {
    guard let standIn else { return scalar }
    var result = String.UnicodeScalarView()
    for character in scalar.unicodeScalars {
      result.append(character == standIn ? "\u{FEFF}" : character)
    }
    guard !isEscaped else { return String(result) }
    return String(result).replacing("\\u" + Self.digits(standIn), with: "\\uFEFF")
  }

  private static func unused(in text: String) -> Unicode.Scalar? {
    let scalars = Set(text.unicodeScalars.lazy.filter { (0xE000...0xF8FF).contains($0.value) })
    // A text made to hold many of them keeps its marks from being kept, and takes no time.
    return (0xE000..<0xE040).lazy.compactMap { Unicode.Scalar(UInt32($0)) }
      .first { !scalars.contains($0) && !text.contains(digits($0)) }
  }

  private static func digits(_ scalar: Unicode.Scalar) -> String {
    String(scalar.value, radix: 16, uppercase: true)
  }
}
