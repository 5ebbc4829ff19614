/// How printed text differs from the same text as data.
enum Typography {
  /// Binds each percent sign to the number before it by a no-break space.
  static func unbroken(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    var bound = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let isBetween =
        scalar == " " && index > 0 && ("0"..."9").contains(scalars[index - 1])
        && index + 1 < scalars.count && scalars[index + 1] == "%"
      bound.append(isBetween ? "\u{A0}" : scalar)
    }
    return String(bound)
  }
}
