/// What the engine can do with each operator: the rows of the manual's table.
public struct OperatorCapabilities: Sendable, Hashable {
  public var domain: String
  public var operation: String
  /// Operator sets in which the operator is supported.
  public var opsets: ClosedRange<Int>
  /// Has a place in a planned network with fixed shapes.
  public var isPlanned: Bool
  public var hasGradient: Bool
  public var hasInterval: Bool
  /// Has lines or planes below and above it, so that linear bounds are better than intervals.
  public var hasRelaxation: Bool

  /// Every operator, by domain and name.
  public static var all: [OperatorCapabilities] {
    var rows: [String: OperatorCapabilities] = [:]
    for family in OperatorRegistry.families {
      for signature in family.signatures {
        let row = OperatorCapabilities(
          domain: signature.domain, operation: signature.operation, opsets: signature.opsets,
          isPlanned: family is any RealOperator.Type,
          hasGradient: family is any DifferentiableOperator.Type,
          hasInterval: family is any IntervalOperator.Type,
          hasRelaxation: family is any RelaxableOperator.Type)
        let key = "\(signature.domain):\(signature.operation)"
        if let known = rows[key] {
          rows[key]?.opsets =
            min(
              known.opsets.lowerBound, row.opsets.lowerBound)...max(
              known.opsets.upperBound, row.opsets.upperBound)
        } else {
          rows[key] = row
        }
      }
    }
    return rows.values.sorted { ($0.domain, $0.operation) < ($1.domain, $1.operation) }
  }

  /// The table as Markdown, without a heading.
  public static var table: String {
    var lines = [
      "| operator | operator sets | runs | planned | gradient | interval | linear relaxation |",
      "|---|---|---|---|---|---|---|",
    ]
    func mark(_ flag: Bool) -> String { flag ? "yes" : "–" }
    for row in all {
      let name = row.domain.isEmpty ? row.operation : "\(row.domain) \(row.operation)"
      lines.append(
        "| \(name) | \(row.opsets.lowerBound)–\(row.opsets.upperBound) | yes "
          + "| \(mark(row.isPlanned)) | \(mark(row.hasGradient)) | \(mark(row.hasInterval)) "
          + "| \(mark(row.hasRelaxation)) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
