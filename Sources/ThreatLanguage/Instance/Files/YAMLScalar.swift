/// What a YAML scalar without quotes means, as PyYAML (YAML 1.1) takes it: mal-toolbox's files are its own.
///
/// Source: the YAML 1.1 type repository (yaml.org/type), in the subset that PyYAML's safe loader resolves.
/// Notable: `1e3` is text, `0x1F`, `017` and `1:30` are whole numbers, `on` and `No` are truth values.
enum YAMLScalar {
  typealias Value = InstanceModelFile.Value

  static func isNull(_ text: String) -> Bool {
    switch text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  /// `nil` for numbers that cannot be kept: infinite ones, not-a-number, and other bases beyond 64 bits.
  static func value(of text: String) -> Value? {
    guard let first = text.utf8.first else { return .null }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      return number(Array(text.utf8), text)
    default: break
    }
    if isNull(text) { return .null }
    switch text {
    case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .bool(true)
    case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .bool(false)
    default: return .text(text)
    }
  }

  private static func number(_ bytes: [UInt8], _ text: String) -> Value? {
    if isTimestamp(bytes) { return .timestamp(text) }
    let isSigned = bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+")
    let isNegative = bytes[0] == UInt8(ascii: "-")
    let body = bytes[(isSigned ? 1 : 0)...]
    if isFraction(body, isSigned: isSigned) {
      let plain = text.filter { $0 != "_" }
      return Double(plain).flatMap { $0.isFinite ? .number($0) : nil }
    }
    switch String(decoding: body, as: UTF8.self) {
    case ".inf", ".Inf", ".INF": return nil
    case ".nan", ".NaN", ".NAN": return isSigned ? .text(text) : nil
    default: break
    }
    if body.contains(UInt8(ascii: ":")) {
      return sexagesimal(body, isNegative: isNegative) ?? .text(text)
    }
    return whole(body, isNegative: isNegative) ?? (isOtherBase(body) ? nil : .text(text))
  }

  /// `12.5`, `12.`, `.5`, `1.5e+3`: a point, and a sign before the exponent.
  private static func isFraction(_ body: ArraySlice<UInt8>, isSigned: Bool) -> Bool {
    var rest = body
    let whole = digits(&rest)
    guard whole.first != UInt8(ascii: "_"), rest.popFirst() == UInt8(ascii: ".") else {
      return false
    }
    let part = digits(&rest)
    if whole.isEmpty {
      guard !isSigned, let first = part.first, first != UInt8(ascii: "_") else { return false }
    }
    guard let mark = rest.popFirst() else { return true }
    guard mark | 0x20 == UInt8(ascii: "e"), let sign = rest.popFirst(),
      sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
    else { return false }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  private static func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let end = rest.firstIndex { !isDigit($0) && $0 != UInt8(ascii: "_") } ?? rest.endIndex
    defer { rest = rest[end...] }
    return rest[..<end]
  }

  /// Decimal of any size, octal after `0`, hexadecimal after `0x`, binary after `0b`.
  private static func whole(_ body: ArraySlice<UInt8>, isNegative: Bool) -> Value? {
    let plain = body.filter { $0 != UInt8(ascii: "_") }
    guard let first = body.first, isDigit(first) else { return nil }
    let sign = isNegative ? "-" : ""
    if first != UInt8(ascii: "0") {
      guard plain.allSatisfy(isDigit) else { return nil }
      return .integer(sign + String(decoding: plain, as: UTF8.self))
    }
    guard plain.count > 1 else { return .integer("0") }
    let (radix, skipped) =
      switch plain[1] {
      case UInt8(ascii: "x"): (16, 2)
      case UInt8(ascii: "b"): (2, 2)
      default: (8, 1)
      }
    let rest = plain[skipped...]
    guard let head = rest.first, head != UInt8(ascii: "+"), head != UInt8(ascii: "-"),
      let value = UInt64(String(decoding: rest, as: UTF8.self), radix: radix)
    else { return nil }
    return .integer(value == 0 ? "0" : sign + String(value))
  }

  /// Whether the digits are those of a number in another base, only too many or too few of them.
  private static func isOtherBase(_ body: ArraySlice<UInt8>) -> Bool {
    guard body.first == UInt8(ascii: "0") else { return false }
    let rest = body.dropFirst()
    func all(_ digits: ArraySlice<UInt8>, _ known: String) -> Bool {
      !digits.isEmpty && digits.allSatisfy { known.utf8.contains($0) }
    }
    return all(rest, "01234567_")
      || rest.first == UInt8(ascii: "x") && all(rest.dropFirst(), "0123456789abcdefABCDEF_")
      || rest.first == UInt8(ascii: "b") && all(rest.dropFirst(), "01_")
  }

  /// `1:30` is 90, `1:30.5` is 90.5.
  private static func sexagesimal(_ body: ArraySlice<UInt8>, isNegative: Bool) -> Value? {
    var parts = body.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard let head = parts.first, let first = head.first, isDigit(first),
      let last = parts.last
    else { return nil }
    var fraction = 0.0
    var isFraction = false
    if let point = last.firstIndex(of: UInt8(ascii: ".")) {
      let decimals = last[(point + 1)...].filter { $0 != UInt8(ascii: "_") }
      guard decimals.allSatisfy(isDigit) else { return nil }
      fraction = Double("0." + String(decoding: decimals, as: UTF8.self) + "0") ?? 0
      isFraction = true
      parts[parts.count - 1] = last[..<point]
    }
    guard isFraction || first != UInt8(ascii: "0"), parts.count > 1 else { return nil }
    var total = 0
    for (place, part) in parts.enumerated() {
      let plain = place == 0 ? part.filter { $0 != UInt8(ascii: "_") } : Array(part)
      guard (1...(place == 0 ? 18 : 2)).contains(plain.count), plain.allSatisfy(isDigit),
        let value = Int(String(decoding: plain, as: UTF8.self)), place == 0 || value < 60
      else { return nil }
      let (scaled, overflow) = total.multipliedReportingOverflow(by: 60)
      let (sum, carried) = scaled.addingReportingOverflow(value)
      guard !overflow, !carried else { return nil }
      total = sum
    }
    if isFraction {
      let value = Double(total) + fraction
      return .number(isNegative ? -value : value)
    }
    return .integer(isNegative ? -total : total)
  }

  /// `2026-11-21`, or with a time after it.
  private static func isTimestamp(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 8, bytes[4] == UInt8(ascii: "-"), bytes[..<4].allSatisfy(isDigit) else {
      return false
    }
    var rest = bytes[5...]
    func take(_ range: ClosedRange<Int>) -> Bool {
      let count = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(count)
      return range.contains(count)
    }
    func take(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }
    func skipBlanks() -> Int {
      let count = rest.prefix { $0 == 0x20 || $0 == 0x09 }.count
      rest = rest.dropFirst(count)
      return count
    }
    guard take(1...2), take("-"), take(1...2) else { return false }
    if rest.isEmpty { return bytes.count == 10 }
    guard take("T") || take("t") || skipBlanks() > 0 else { return false }
    guard take(1...2), take(":"), take(2...2), take(":"), take(2...2) else { return false }
    if take(".") { _ = take(0...Int.max) }
    _ = skipBlanks()
    if rest.isEmpty || take("Z") { return rest.isEmpty }
    guard take("+") || take("-"), take(1...2) else { return false }
    if take(":") { guard take(2...2) else { return false } }
    return rest.isEmpty
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
