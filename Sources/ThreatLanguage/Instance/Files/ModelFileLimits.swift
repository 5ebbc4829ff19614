/// How large a model file may be before it is refused, so that a small file cannot take much memory.
enum ModelFileLimits {
  /// Yams needs up to about 300 bytes for one byte of YAML.
  static let yamlBytes = 64 << 20
  static let jsonBytes = 512 << 20
  /// Lists and mappings within one another.
  static let depth = 100
  /// Values that aliases may add to those that are written.
  static let aliasedValues = 1_000_000
  /// Links that lists of assets on both sides may stand for, beside those that are written one by one.
  static let crossedLinks = 4_000_000
  /// Errors, and warnings, that are reported one by one.
  static let diagnostics = 100
}
