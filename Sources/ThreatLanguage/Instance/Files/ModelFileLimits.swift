import XMLDocuments
import ZipArchives

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

  /// Of `.sCAD` archives; a picture of the model lies beside it.
  static let archive = ZipLimits(
    memberBytes: 64 << 20, totalBytes: 80 << 20, memberCount: 1_000)
  /// securiCAD spends some sixty elements on an asset.
  static var archiveXML: XMLLimits {
    var limits = XMLLimits()
    limits.elements = 2_000_000
    limits.depth = 64
    limits.textBytes = 1 << 20
    return limits
  }
}
