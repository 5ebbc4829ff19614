/// Numbers of model files as Python's `int()` and `float()` take them: older versions wrote them as text.
enum PythonNumber {
  /// A whole number of 64 bits, or `nil`.
  static func integer(_ node: ModelFileNode) -> Int? {
    guard case .scalar(let text, let notation) = node.kind else { return nil }
    switch notation {
    case .quoted: return digits(text).flatMap { Int($0) }
    case .plain, .literal:
      // The common case, without the way over a value.
      if let number = Int(text), text.utf8.first != UInt8(ascii: "0") || text == "0" {
        return number
      }
      switch try? node.value() {
      case .integer(let number): return Int(number)
      // Such as `09`, which is no octal number and so text to YAML.
      case .text(let text): return digits(text).flatMap { Int($0) }
      default: return nil
      }
    }
  }

  /// A number, which may be infinite or not a number, or `nil`.
  static func double(_ node: ModelFileNode) -> Double? {
    guard case .scalar(let text, let notation) = node.kind else { return nil }
    if notation == .quoted { return float(text) }
    guard let value = try? node.value() else {
      // Numbers that cannot be kept as data, such as `.inf`, are out of every range.
      return .nan
    }
    switch value {
    case .bool(let flag): return flag ? 1 : 0
    case .integer(let digits): return Double(digits)
    case .number(let number): return number
    case .text(let text): return float(text)
    case .null, .timestamp, .list, .mapping: return nil
    }
  }

  private static func float(_ text: String) -> Double? {
    guard let plain = digits(text) else { return nil }
    switch plain.lowercased().drop(while: { $0 == "+" || $0 == "-" }) {
    case "inf", "infinity", "nan": return .nan
    default:
      let known = "0123456789+-.eE"
      guard plain.utf8.allSatisfy({ known.utf8.contains($0) }) else { return nil }
      // Swift wants a digit on both sides of the point.
      return Double(plain.hasPrefix(".") ? "0" + plain : plain)
        ?? (plain.hasSuffix(".") ? Double(plain + "0") : nil)
    }
  }

  /// Without blanks around and single underscores between digits.
  private static func digits(_ text: String) -> String? {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    var bytes = Array(text.utf8.drop(while: isBlank))
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    guard !bytes.isEmpty, bytes.count <= 400 else { return nil }
    guard bytes.contains(UInt8(ascii: "_")) else { return String(decoding: bytes, as: UTF8.self) }
    for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "_") {
      guard place > 0, place + 1 < bytes.count, isDigit(bytes[place - 1]), isDigit(bytes[place + 1])
      else { return nil }
    }
    return String(decoding: bytes.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
  }
}
