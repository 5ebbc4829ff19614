public import EngineSupport
import Provenance
public import ThreatKnowledge
import YAMLDocuments

/// The lock file beside a product file (`bartizan.lock.yaml`): imported catalogues, pinned by the digest of their bytes.
///
/// The manual's page "Catalogues" documents each key. A file that is not the pinned one is an error at the line
/// that pins it.
public struct KnowledgeLock: Sendable {
  /// One imported catalogue.
  public struct Pin: Sendable {
    public var catalogue: String
    public var version: String
    /// Relative to the lock file.
    public var file: ProductFile.FileReference
    /// SHA-256 of the file.
    public var digest: ContentDigest
    public var location: SourceLocation
  }

  /// The lock file as it was read, or as it would be written.
  public private(set) var document: InputDocument
  public private(set) var pins: [Pin]

  /// The name of the lock file beside a product file: `bartizan.lock.yaml` beside `bartizan.yaml`.
  public static func fileName(beside product: String) -> String {
    guard let dot = product.lastIndex(of: "."), dot > product.startIndex else {
      return product + ".lock.yaml"
    }
    return product[..<dot] + ".lock" + product[dot...]
  }

  /// A lock that pins nothing yet.
  public init(emptyNamed name: String) {
    pins = []
    document = InputDocument(name: name, bytes: [])
    document.bytes = text
  }

  /// Reads and checks a lock file; every key is known or reported with its line.
  public init(
    reading document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    guard document.bytes.count <= ProductFile.sizeLimit else {
      throw Diagnostic(
        "knowledge.lock.too-large", "a lock file has at most \(ProductFile.sizeLimit) bytes",
        at: SourceLocation(document: document.name))
    }
    self.document = document
    var root = try YAMLSection(document: document, family: "product")
    _ = try root.required("format").integer(in: 1...1)
    pins = []
    for value in try root.required("catalogues").elements() {
      let pin = try Pin(value, &diagnostics)
      if pins.contains(where: { $0.catalogue == pin.catalogue }) {
        diagnostics.report(
          Diagnostic(
            "knowledge.lock.duplicate", "the catalogue \"\(pin.catalogue)\" is pinned twice",
            at: pin.location))
      }
      pins.append(pin)
    }
    root.finish(reportingTo: &diagnostics)
  }

  /// Files that are pinned, in the lock file's order.
  public var references: [ProductFile.FileReference] { pins.map(\.file) }

  /// Pins `catalogue` as read from `path`, in place of an earlier pin of its id.
  public mutating func pin(_ catalogue: KnowledgeCatalogue, from path: String) throws(Diagnostic) {
    let place = SourceLocation(document: document.name)
    guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "\\" }) else {
      throw Diagnostic(
        "knowledge.lock.path", "the path of a pinned file has a character that is not allowed",
        at: place)
    }
    let pin = Pin(
      catalogue: catalogue.id, version: catalogue.version,
      file: ProductFile.FileReference(path: path, location: place), digest: catalogue.digest,
      location: place)
    pins.removeAll { $0.catalogue == catalogue.id }
    pins.append(pin)
    pins.sort { $0.catalogue < $1.catalogue }
    document.bytes = text
  }

  /// The file, with the catalogues sorted by id.
  private var text: [UInt8] {
    var lines = [
      "# Catalogues that `bartizan knowledge import` has pinned; `bartizan assess` reads them, and only these bytes.",
      "format: 1", pins.isEmpty ? "catalogues: []" : "catalogues:",
    ]
    for pin in pins {
      lines += [
        "- id: \(Self.quoted(pin.catalogue))", "  version: \(Self.quoted(pin.version))",
        "  file: \(Self.quoted(pin.file.path))", "  sha256: \(pin.digest.hexadecimal)",
      ]
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Quoted as JSON does, which YAML reads alike.
  private static func quoted(_ text: String) -> String {
    String(decoding: CanonicalJSON.bytes(of: .string(text)), as: UTF8.self)
  }
}

extension KnowledgeLock.Pin {
  fileprivate init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    catalogue = try ProductFile.identifier(section.required("id"))
    version = try section.required("version").text()
    file = try ProductFile.FileReference(section.required("file"))
    let sum = try section.required("sha256")
    guard let digest = ContentDigest(hexadecimal: try sum.text()) else {
      throw sum.wrong("a SHA-256 has 64 hexadecimal digits")
    }
    self.digest = digest
    location = value.location
    section.finish(reportingTo: &diagnostics)
  }
}

extension KnowledgeLock {
  /// The bundled catalogues with the pinned ones in their places.
  ///
  /// `documents` holds the pinned files by path. Throws for the first that is absent, changed, or another
  /// catalogue than the lock file says.
  public func knowledge(
    from documents: [String: InputDocument], reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> KnowledgeBase {
    var imported: [KnowledgeCatalogue] = []
    for pin in pins {
      guard let file = documents[pin.file.path] else {
        throw Diagnostic(
          "input.file.missing", "the file \"\(pin.file.path)\" was not given",
          at: pin.file.location)
      }
      let digest = ContentDigest(of: file.bytes)
      guard digest == pin.digest else {
        throw Diagnostic(
          "knowledge.lock.changed",
          "\"\(pin.file.path)\" has SHA-256 \(digest.short)…, pinned is \(pin.digest.short)…",
          at: pin.file.location,
          hint: "`bartizan knowledge import` pins a file that was changed on purpose")
      }
      let catalogue = try CatalogueImporters.catalogue(
        in: file, digest: digest, reportingTo: &diagnostics)
      guard catalogue.id == pin.catalogue, catalogue.version == pin.version else {
        throw Diagnostic(
          "knowledge.lock.other",
          "\"\(pin.file.path)\" holds \(catalogue.id) \(catalogue.version), pinned is "
            + "\(pin.catalogue) \(pin.version)", at: pin.location)
      }
      imported.append(catalogue)
    }
    return KnowledgeBase.bundled.replacing(with: imported)
  }
}
