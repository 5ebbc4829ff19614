/// Numbers as decimal text that does not depend on locale or on the platform's printing functions.
public enum DecimalText {
  /// `value` rounded half away from zero to `digits` decimals (0 to 9), such as `0.1250`.
  ///
  /// Magnitudes of 10⁹ and more, and values that are not finite, are printed as Swift describes them.
  public static func fixed(_ value: Double, digits: Int) -> String {
    precondition((0...9).contains(digits), "between 0 and 9 decimals")
    guard value.isFinite, abs(value) < 1e9 else { return value.description }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded(.toNearestOrAwayFromZero))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    return sign + String(scaled / scale) + "."
      + String(repeating: "0", count: digits - fraction.utf8.count) + fraction
  }

  /// The shortest text that reads back as exactly `value`: what documents carry for measured numbers.
  public static func exact(_ value: Double) -> String { value.description }

  /// `value` to at most six decimals without idle zeros, for people: `1`, `0.25`.
  public static func quantity(_ value: Double) -> String {
    quantity(value, decimals: 6)
  }

  /// `value` to so many significant figures, but whole digits are kept and there are at most six decimals: `63.7`.
  ///
  /// For numbers that were stored as `Float`, whose further decimals say nothing.
  public static func quantity(_ value: Double, figures: Int) -> String {
    var decimals = max(figures - 1, 0)
    var magnitude = abs(value)
    while magnitude >= 10, decimals > 0 {
      magnitude /= 10
      decimals -= 1
    }
    while magnitude > 0, magnitude < 1, decimals < 6 {
      magnitude *= 10
      decimals += 1
    }
    return quantity(value, decimals: min(decimals, 6))
  }

  private static func quantity(_ value: Double, decimals: Int) -> String {
    var text = fixed(value, digits: decimals)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// A share such as `0.125` as `12.5 %`.
  public static func percent(_ value: Double, digits: Int = 1) -> String {
    fixed(value * 100, digits: digits) + " %"
  }
}
