public import ArchitectureModel

/// The check that nothing was lost: rows against counts of the source, and rows against the draft.
extension ImportLedger {
  /// Whether every element of the source has exactly one row.
  public var reconciles: Bool { reconcile().isEmpty }

  /// The differences between the rows and the independent counts of the source; empty when they agree.
  public func reconcile() -> [String] {
    var differences: [String] = []
    func compare(_ what: String, rows count: Int, source: Int) {
      if count != source { differences.append("\(what): \(count) rows, \(source) in the source") }
    }
    let unknown = rows.count { $0.kind == .unknownElement }
    compare("cells", rows: rows.count - unknown, source: source.cells)
    compare("unknown elements", rows: unknown, source: source.unknownElements)
    compare("vertices", rows: rows.count { $0.mark == .vertex }, source: source.markedVertices)
    compare("edges", rows: rows.count { $0.mark == .edge }, source: source.markedEdges)
    for row in rows where row.outcome != .imported && (row.reason ?? "").isEmpty {
      differences.append("\(row.kind.rawValue) \(row.id): \(row.outcome.name) without a reason")
    }
    return differences
  }

  /// The differences between the rows and what the draft holds; empty when they agree.
  public func reconcile(with draft: ArchitectureDraft) -> [String] {
    var differences: [String] = []
    var imported: Set<DrawnID> = []
    var merged: [Row] = []
    for row in rows {
      switch row.outcome {
      case .imported:
        guard imported.insert(DrawnID(page: row.page ?? "", cell: row.id)).inserted else {
          differences.append("\(row.id) is imported twice")
          continue
        }
      case .merged: merged.append(row)
      case .leftOut: break
      }
    }
    let drawn = draft.shapes.map(\.id) + draft.lines.map(\.id)
    if drawn.count != imported.count {
      differences.append("\(imported.count) imported rows, \(drawn.count) drawn elements")
    }
    for id in drawn where !imported.contains(id) {
      differences.append("\(id) is in the draft but in no imported row")
    }
    for row in merged {
      if case .merged(let target) = row.outcome, !imported.contains(target) {
        differences.append("\(row.id) is merged into \(target), which is not imported")
      }
    }
    return differences
  }
}
