public import EngineSupport

/// Reads model files of mal-toolbox (YAML or JSON, in today's layout and in every older one) and of securiCAD.
extension InstanceModelFile {
  /// Reads `document` and holds it against `language`.
  ///
  /// YAML, JSON and `.sCAD` are told apart by the first bytes, layouts by what stands in the file. Reports every
  /// error found, up to 100, as `model.…` diagnostics with line and column; gives `nil` when there is one.
  /// Assets keep the order and the ids of the file; a name that stands twice gets the asset's id behind it,
  /// as mal-toolbox does it. Time and memory are linear in the document, up to a fixed amount for aliases
  /// and for associations with lists on both sides.
  public init?(
    reading document: InputDocument, against language: CompiledLanguage,
    reportingTo diagnostics: inout Diagnostics
  ) {
    let root: ModelFileNode
    let report: ModelFileReport
    do throws(Diagnostic) {
      if SecuriCADArchive.isArchive(document.bytes) {
        let (values, member) = try SecuriCADArchive.read(document)
        root = values
        report = ModelFileReport(document, notation: .bytes, member: member)
      } else if Self.isJSON(document.bytes) {
        root = try .json(document)
        report = ModelFileReport(document, notation: .bytes)
      } else {
        root = try .yaml(document)
        report = ModelFileReport(document, notation: .yaml)
      }
    } catch {
      diagnostics.report(error)
      return nil
    }
    var reader = ModelFileReader(report: report)
    reader.read(root)
    self.init(reader, against: language, reportingTo: &diagnostics)
  }

  /// Resolves what `reader` has read; errors of both are reported together.
  init?(
    _ reader: ModelFileReader, against language: CompiledLanguage,
    reportingTo diagnostics: inout Diagnostics
  ) {
    var reader = reader
    if let id = reader.draft.metadata["langID"]?.label, id != language.name,
      let place = reader.draft.languagePlace
    {
      reader.report.warning(
        "model.file.language", "the model is made for `\(id)` and read against `\(language.name)`",
        at: place)
    }
    var resolver = ModelFileResolver(reader.draft, against: language, report: reader.report)
    let model = resolver.model()
    resolver.report.finish()
    diagnostics.report(contentsOf: resolver.report.diagnostics)
    guard !resolver.report.hasErrors else { return nil }
    self.init(
      model: model, metadata: reader.draft.metadata, attackers: reader.draft.attackers,
      details: reader.draft.details, other: reader.draft.other)
  }

  /// Whether the text starts as a JSON object does. YAML in braces writes keys without quotes.
  private static func isJSON(_ bytes: [UInt8]) -> Bool {
    func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
    var rest = bytes[...].drop(while: isBlank)
    guard rest.popFirst() == UInt8(ascii: "{") else { return false }
    let next = rest.first { !isBlank($0) }
    return next == nil || next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
  }
}
