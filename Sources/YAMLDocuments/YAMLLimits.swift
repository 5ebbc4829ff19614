/// How large YAML may be before it is refused, so that a small file cannot take much memory or time.
package struct YAMLLimits: Sendable {
  /// Bytes of the document; Yams needs up to about 300 bytes for one of them.
  package var bytes = 4 << 20
  /// Lists and mappings within one another.
  package var depth = 100
  /// Values that aliases may add to those that are written.
  package var aliasedValues = 100_000

  package init() {}
}
