import ArchitectureModel
public import EngineSupport

/// The ledger as JSON, as `bartizan import` writes it.
///
/// - `totals`: object of counts, keys as the properties of `Totals`
/// - `reconciles`: whether every element of the source has exactly one row
/// - `rows`: array in document order of objects with `id`, `page` (absent outside pages), `document`, `line`,
///   `path` (absent if unknown), `kind`, `outcome` (`imported`, `merged`, `leftOut`), `into` (objects of
///   `page` and `cell`, for merged rows) and `reason` (absent when there is nothing to say)
extension ImportLedger {
  public var json: JSONValue {
    .object([
      ("totals", totals.json),
      ("reconciles", .bool(reconciles)),
      ("rows", .array(rows.map(\.json))),
    ])
  }
}

extension ImportLedger.Totals {
  public var json: JSONValue {
    .object([
      ("imported", .integer(imported)), ("merged", .integer(merged)),
      ("leftOut", .integer(leftOut)), ("vertices", .integer(vertices)),
      ("edges", .integer(edges)), ("edgeLabels", .integer(edgeLabels)),
      ("edgesBothEnds", .integer(edgesBothEnds)), ("edgesOneEnd", .integer(edgesOneEnd)),
      ("edgesNoEnd", .integer(edgesNoEnd)), ("containers", .integer(containers)),
      ("layers", .integer(layers)), ("unknownElements", .integer(unknownElements)),
      ("pages", .integer(pages)), ("compressedPages", .integer(compressedPages)),
      ("objects", .integer(objects)), ("libraryEntries", .integer(libraryEntries)),
    ])
  }
}

extension ImportLedger.Row {
  public var json: JSONValue {
    var into: JSONValue?
    if case .merged(let target) = outcome {
      into = .object([("page", .string(target.page)), ("cell", .string(target.cell))])
    }
    return .object([
      ("id", .string(id)), ("page", page.map { .string($0) }),
      ("document", .string(location.document)), ("line", location.line.map { .integer($0) }),
      ("path", location.path.map { .string($0) }), ("kind", .string(kind.rawValue)),
      ("outcome", .string(outcome.name)), ("into", into), ("reason", reason.map { .string($0) }),
    ])
  }
}
