public import EngineSupport
public import ModelTesting

/// A test plan of a product with the files that the plan names, as paths beside the product file.
public struct PlannedFiles: Sendable {
  public let plan: TestPlan
  private let folder: String

  /// Reads the plan of a model.
  ///
  /// - Throws: what the plan says wrong; further errors go to `diagnostics`.
  public init(
    _ document: InputDocument, at reference: ProductFile.FileReference,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    plan = try TestPlan(reading: document, reportingTo: &diagnostics)
    folder = reference.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .map { $0 + "/" }.joined()
  }

  /// The path beside the product file for a path beside the plan.
  public func path(_ reference: TestPlan.FileReference) -> String { folder + reference.path }

  /// What the plan names.
  public var references: [ProductFile.FileReference] {
    plan.references.map { ProductFile.FileReference(path: path($0), location: $0.location) }
  }
}

extension ProductFile {
  /// Every file an assessment needs by its path beside the product file: what the product file and the lock file
  /// name, and what the test plans among these name.
  ///
  /// - Parameter read: Gives the bytes of one file.
  public func documents(
    pinnedBy lock: KnowledgeLock? = nil, reading read: (FileReference) throws -> InputDocument
  ) throws -> [String: InputDocument] {
    var documents: [String: InputDocument] = [:]
    func add(_ references: [FileReference]) throws {
      for reference in references where documents[reference.path] == nil {
        documents[reference.path] = try read(reference)
      }
    }
    try add(references + (lock?.references ?? []))
    for reference in models.compactMap(\.testPlan) {
      guard let document = documents[reference.path] else { continue }
      var diagnostics = Diagnostics()
      let planned = try PlannedFiles(document, at: reference, reportingTo: &diagnostics)
      if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
      try add(planned.references)
    }
    return documents
  }
}
