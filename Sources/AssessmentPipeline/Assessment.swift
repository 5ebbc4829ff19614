import AttackGraphs
import DiagramImport
public import EngineSupport
import Provenance
import ThreatKnowledge

/// One assessment from bytes to findings: the straight line, stage by stage.
///
/// The caller reads files; this type sees only their bytes. Every stage appends to the evidence.
public struct Assessment: Sendable {
  let product: ProductFile
  let productDocument: InputDocument
  /// By path, as the product file gives it.
  let documents: [String: InputDocument]
  /// Imported catalogues, if a lock file pins any.
  let lock: KnowledgeLock?
  let options: AssessmentOptions

  /// `documents` must hold an entry for each reference of the product file and of the lock file.
  public init(
    of product: ProductFile, from productDocument: InputDocument,
    documents: [String: InputDocument], lock: KnowledgeLock? = nil,
    options: AssessmentOptions = AssessmentOptions()
  ) {
    self.product = product
    self.productDocument = productDocument
    self.documents = documents
    self.lock = lock
    self.options = options
  }

  /// Throws `BadInput` when the inputs cannot be assessed.
  public func run(
    progress: @escaping @Sendable (AssessmentProgress) -> Void = { _ in }
  ) throws -> AssessmentResult {
    var diagnostics = Diagnostics()
    var evidence = EvidenceRecorder(engine: EngineVersion.text, seed: options.seed)
    do {
      let productFile = evidence.record(.product, productDocument)

      progress(AssessmentProgress(stage: "reading catalogues"))
      let knowledge = try readKnowledge(recordingTo: &evidence, reportingTo: &diagnostics)

      progress(AssessmentProgress(stage: "importing diagrams"))
      let drawn = try importArchitecture(recordingTo: &evidence, reportingTo: &diagnostics)

      progress(AssessmentProgress(stage: "compiling the threat language"))
      let language = try compileLanguage(recordingTo: &evidence, reportingTo: &diagnostics)
      warnOfWithdrawn(language, knowledge, reportingTo: &diagnostics)
      let bind = try bind(
        drawn.architecture, in: language, recordingTo: &evidence, reportingTo: &diagnostics)
      let bound = bind.instance
      evidence.record(bound.model, saidBy: productFile)

      let models = try assessModels(
        drawn.architecture, bound, recordingTo: &evidence, reportingTo: &diagnostics,
        progress: progress)

      progress(AssessmentProgress(stage: "searching attack paths"))
      let attacks = try productGraph(
        language, bound, drawn.architecture,
        measured: models.flatMap { $0.tests.compactMap(\.measurement) },
        reportingTo: &diagnostics)
      let analyses = try searchAttacks(in: attacks)
      evidence.record(attacks.graph, movedBy: models.flatMap(\.tests))
      let decisions = try decisions(in: attacks, progress: progress)
      evidence.record(decisions)

      let levels = try securityLevels(
        drawn.architecture, attacks, bind.defenses, knowledge, recordingTo: &evidence)

      progress(AssessmentProgress(stage: "writing findings"))
      var writer = FindingWriter(
        product: product, architecture: drawn.architecture, defenses: bind.defenses,
        evidence: evidence)
      let findings = try writer.findings(analyses: analyses, models: models, levels: levels)
      return AssessmentResult(
        product: product, seed: options.seed, sources: writer.evidence.sources,
        knowledge: knowledge,
        diagrams: drawn.diagrams, architecture: drawn.architecture, bound: bound,
        defenses: bind.defenses,
        graph: attacks.graph, reachability: reachability(in: attacks), models: models,
        decisions: decisions, securityLevels: levels, findings: findings,
        diagnostics: diagnostics.all,
        ledger: writer.evidence.ledger,
        root: writer.evidence.ledger.root)
    } catch let diagnostic as Diagnostic {
      throw BadInput(diagnostics.all + [diagnostic])
    }
  }

  func document(_ reference: ProductFile.FileReference) throws(Diagnostic) -> InputDocument {
    guard let document = documents[reference.path] else {
      throw Diagnostic(
        "input.file.missing", "the file \"\(reference.path)\" was not given",
        at: reference.location)
    }
    return document
  }
}
