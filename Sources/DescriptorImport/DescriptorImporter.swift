public import EngineSupport

/// Reads one format of model or data descriptor into lineage.
///
/// A new format is one file in `Importers` and one line in `DescriptorImporters.all`.
public protocol DescriptorImporter: Sendable {
  static var format: DescriptorFormat { get }
  /// Whether the bytes look like this format; a cheap look, no promise that they can be read.
  static func recognizes(_ document: InputDocument) -> Bool
  init()
  /// - Throws: the diagnostic that leaves nothing to import. What can be stepped over is reported.
  func lineage(
    of document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> Lineage
}

/// A descriptor format by its stable name.
public struct DescriptorFormat: Hashable, Sendable {
  public var name: String
  public init(_ name: String) { self.name = name }
}

/// The formats this build reads, sorted by importer name.
public enum DescriptorImporters {
  public static let all: [any DescriptorImporter.Type] = [
    CycloneDXImporter.self
  ]

  /// Larger descriptors are refused before they are parsed.
  public static let largestDocument = 16 << 20

  /// Reads a document with the importer that recognises it.
  ///
  /// - Throws: `descriptor.format.unknown`, `descriptor.too-large`, or what the importer throws.
  public static func lineage(
    of document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> Lineage {
    let place = SourceLocation(document: document.name)
    guard document.bytes.count <= largestDocument else {
      throw Diagnostic(
        "descriptor.too-large",
        "the descriptor holds \(document.bytes.count) bytes, at most \(largestDocument) are read",
        at: place)
    }
    guard let importer = all.first(where: { $0.recognizes(document) }) else {
      throw Diagnostic(
        "descriptor.format.unknown",
        "no known descriptor format; read are: \(all.map { $0.format.name }.joined(separator: ", "))",
        at: place, hint: "CycloneDX is read in its JSON form, not as XML")
    }
    return try importer.init().lineage(of: document, reportingTo: &diagnostics)
  }
}
