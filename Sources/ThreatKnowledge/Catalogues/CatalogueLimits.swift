/// How much of a catalogue is read, and which texts may reach a terminal or a page.
enum CatalogueLimits {
  /// JSON values within one another.
  static let depth = 64
  /// JSON values of a file; the official ones have about 15,000 for a MiB.
  static let values = 2_000_000
  static let entries = 100_000
  /// Bytes of an identifier, a name or a value.
  static let text = 4_096
  /// Bytes of a file to import; official ones have up to about 60 MB.
  static let fileBytes = 96 << 20

  /// What is wrong with a text, or `nil`.
  static func problem(of text: String) -> String? {
    if text.isEmpty { return "the text is empty" }
    if text.utf8.count > Self.text { return "the text is longer than \(Self.text) bytes" }
    return text.unicodeScalars.allSatisfy(isPrintable)
      ? nil : "the text contains a control character"
  }

  static func isCatalogueID(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= 64 && !id.hasPrefix("-")
      && id.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  /// Neither a control character nor one that turns the direction of writing.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
}
