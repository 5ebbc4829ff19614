/// What a property file may ask for before it is refused: a few bytes can ask for any number of cases.
enum PropertyLimits {
  static let bytes = 64 << 20
  static let depth = 64
  /// Variables X and Y together.
  static let variables = 1 << 20
  static let cases = 1 << 14
  /// Comparisons of all cases together.
  static let comparisons = 1 << 21
}
