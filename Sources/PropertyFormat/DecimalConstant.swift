/// A constant as it stands in the file: an integer, a decimal fraction or one with an exponent.
struct DecimalConstant {
  /// The nearest `Double`.
  var value: Double
  /// Whether the text is exactly `value`.
  var isExact: Bool

  /// nil where the text is not a number or is too large for a `Double`.
  ///
  /// Accepts `-1`, `+.5`, `3.`, `1e-3`; refuses names such as `nan` and hexadecimal digits.
  init?(_ text: Substring) {
    var mantissa = 0
    var digits = 0
    var fraction = 0
    var hasPoint = false
    var hasExponent = false
    for (position, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if hasExponent { continue }
        digits += 1
        if mantissa < 1 << 53 { mantissa = mantissa * 10 + Int(byte - UInt8(ascii: "0")) }
        if hasPoint { fraction += 1 }
      case UInt8(ascii: "."):
        guard !hasPoint, !hasExponent else { return nil }
        hasPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard !hasExponent, digits > 0 else { return nil }
        hasExponent = true
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        guard position == 0 || hasExponent else { return nil }
      default: return nil
      }
    }
    // The whole pattern is checked by the conversion itself; the walk above only narrows what it may see.
    var plain = String(text)
    if plain.hasPrefix("+") { plain.removeFirst() }
    guard digits > 0, text.utf8.count <= 400, let value = Double(Self.completed(plain)),
      value.isFinite
    else { return nil }
    self.value = value
    // m / 10^k is exact if and only if multiplying back gives m without a remainder.
    isExact =
      !hasExponent && mantissa <= 1 << 53 && fraction <= 22
      && Self.isQuotient(abs(value), of: Double(mantissa), byTenTo: fraction)
  }

  init(value: Double, isExact: Bool) {
    self.value = value
    self.isExact = isExact
  }

  /// Digits on both sides of the point.
  private static func completed(_ text: String) -> String {
    var result = ""
    var isAfterDigit = false
    for character in text {
      if character == ".", !isAfterDigit { result += "0" }
      if !character.isNumber, result.hasSuffix(".") { result += "0" }
      result.append(character)
      isAfterDigit = character.isNumber
    }
    return result.hasSuffix(".") ? result + "0" : result
  }

  private static func isQuotient(_ quotient: Double, of mantissa: Double, byTenTo digits: Int)
    -> Bool
  {
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    return (-mantissa).addingProduct(quotient, power) == 0
  }
}
