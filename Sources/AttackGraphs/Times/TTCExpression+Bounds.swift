import ThreatLanguage

/// How large a time to compromise may be, so that nothing recurses into a tree of unknown depth.
extension TTCExpression {
  /// More than any expression the parser lets through.
  static let depthLimit = 256
  static let sizeLimit = 4_096

  /// Refuses an expression of more than 256 levels or 4,096 parts.
  func checkBounds() throws(UnsupportedTTC) {
    var stack = [(expression: self, depth: 1)]
    var size = 0
    while let (expression, depth) = stack.popLast() {
      size += 1
      guard depth <= Self.depthLimit, size <= Self.sizeLimit else {
        throw UnsupportedTTC(
          reason: "an expression of more than \(Self.depthLimit) levels or \(Self.sizeLimit) parts")
      }
      switch expression {
      case .number, .distribution: break
      case .sum(let left, let right), .difference(let left, let right),
        .product(let left, let right), .quotient(let left, let right),
        .power(let left, let right):
        stack.append((left, depth + 1))
        stack.append((right, depth + 1))
      }
    }
  }
}
