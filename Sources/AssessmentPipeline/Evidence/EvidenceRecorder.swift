import ArchitectureModel
import AttackGraphs
import DiagramImport
import EngineSupport
import Provenance
import ThreatKnowledge
import ThreatLanguage

/// Appends a record for every arrow of the straight line, and hands out citations of what it recorded.
///
/// Cells and rules are recorded by the digest of their own text, not of the file around them: a finding changes
/// when what it cites changes, and not when something else in the same file does. The file's digest stands in
/// the record of the import that made them.
struct EvidenceRecorder {
  private(set) var ledger = EvidenceLedger()
  private(set) var sources: [SourceFile] = []
  private var artifacts: [SourceFile: ContentDigest] = [:]
  private var imports: [ContentDigest] = []
  private var rules: [ContentDigest] = []
  private var attackGraph: [ContentDigest] = []
  private var instance: [ContentDigest] = []

  init(engine: String, seed: UInt64) {
    ledger.append(EngineRecord(version: engine, seed: seed))
  }

  /// An input file.
  @discardableResult
  mutating func record(_ role: SourceFile.Role, _ document: InputDocument) -> SourceFile {
    let file = SourceFile(
      role: role, name: document.name, size: document.bytes.count,
      digest: ContentDigest(of: document.bytes))
    let entry = ledger.append(
      SourceArtifact(role: role.rawValue, name: file.name, size: file.size, digest: file.digest))
    if artifacts.updateValue(entry.id, forKey: file) == nil { sources.append(file) }
    return file
  }

  /// An imported diagram: its file, its cells, and the import that leads from one to the other.
  mutating func record(_ diagram: ImportedDiagram, of document: InputDocument) {
    let file = record(.diagram, document)
    let cells =
      diagram.draft.shapes.map { ($0.id, $0.source) }
      + diagram.draft.lines.map { ($0.id, $0.sourceBytes) }
    let slices = cells.map { id, source in
      slice(document.name, path: "cell \(id)", digest: ContentDigest(of: source))
    }
    let totals = diagram.ledger.totals
    let activity = ledger.append(
      ImportActivity(
        importer: diagram.format.title, used: [artifact(file)] + slices,
        counts: [
          ("imported", totals.imported), ("merged", totals.merged), ("leftOut", totals.leftOut),
        ],
        ledgerDigest: ContentDigest(of: CanonicalJSON.bytes(of: diagram.ledger.json))))
    imports.append(activity.id)
  }

  /// A compiled language: its sources and the rule set they make.
  mutating func record(_ language: CompiledLanguage, from documents: [InputDocument]) {
    let files = documents.map { record(.language, $0) }
    let entry = ledger.append(
      RuleSet(language: language.name, version: language.version, used: files.map(artifact)))
    rules.append(entry.id)
  }

  /// The catalogues in use: imported files with the lock that pins them, and the digest of each catalogue.
  mutating func record(
    _ knowledge: KnowledgeBase, pinnedBy lock: InputDocument?, from documents: [InputDocument]
  ) {
    let files =
      [lock].compactMap(\.self).map { record(.knowledgeLock, $0) }
      + documents.map { record(.catalogue, $0) }
    ledger.append(
      Derivation(
        product: "knowledge", used: files.map(artifact),
        counts: [
          ("catalogues", knowledge.catalogues.count),
          ("entries", knowledge.catalogues.reduce(0) { $0 + $1.entries.count }),
        ],
        digest: ContentDigest(of: CanonicalJSON.bytes(of: EvidenceForm.value(of: knowledge)))))
  }

  /// The lineage read from a descriptor, with what was verified.
  mutating func record(_ lineage: [LineageStatement], from files: [SourceFile]) {
    let statements = lineage.map {
      JSONValue.strings([$0.subject, $0.field, $0.value, $0.status.rawValue])
    }
    ledger.append(
      Derivation(
        product: "lineage", used: files.map(artifact),
        counts: LineageStatement.Status.allCases.map { status in
          (status.rawValue, lineage.count { $0.status == status })
        }, digest: ContentDigest(of: CanonicalJSON.bytes(of: .array(statements)))))
  }

  /// The instance model that the drawings and the product file became.
  mutating func record(_ model: InstanceModel, saidBy product: SourceFile) {
    let entry = ledger.append(
      Derivation(
        product: "instance model", used: [artifact(product)] + imports + rules,
        counts: [("assets", model.assets.count), ("links", model.links.count)],
        digest: ContentDigest(of: CanonicalJSON.bytes(of: EvidenceForm.value(of: model)))))
    instance = [entry.id]
  }

  /// The attack graph, with the test runs whose rates it carries.
  mutating func record(_ graph: AttackGraph, movedBy tests: [ModelTest]) {
    let entry = ledger.append(
      Derivation(
        product: "attack graph", used: instance + rules + tests.map(\.record),
        counts: [
          ("steps", graph.steps.count), ("edges", graph.parents.count),
          ("measured", graph.steps.count { $0.measured != nil }),
        ],
        digest: ContentDigest(of: CanonicalJSON.bytes(of: EvidenceForm.value(of: graph)))))
    attackGraph = [entry.id]
  }

  /// What was played, weighed and asked on the attack graph.
  mutating func record(_ decisions: Decisions) {
    ledger.append(
      Derivation(
        product: "decisions", used: attackGraph,
        counts: [
          ("times", decisions.times.count),
          ("hardenings", decisions.hardening?.goals.count ?? 0),
          ("whatIfs", decisions.whatIfs.count),
        ],
        digest: ContentDigest(of: CanonicalJSON.bytes(of: decisions.json))))
  }

  /// Which levels the defences and tests of the graph achieve.
  mutating func record(_ levels: SecurityLevels) {
    ledger.append(
      Derivation(
        product: "security levels", used: attackGraph,
        counts: [("components", levels.components.count), ("zones", levels.zones.count)],
        digest: ContentDigest(of: CanonicalJSON.bytes(of: levels.json))))
  }

  /// A test run; returns its record.
  mutating func record(
    testRun id: String, on files: [SourceFile], facts: [(String, JSONValue?)]
  ) -> ContentDigest {
    ledger.append(TestRun(id: id, used: files.map(artifact), facts: facts)).id
  }

  mutating func record(_ finding: Finding, statement: ContentDigest) {
    ledger.append(
      FindingRecord(
        id: finding.id, fingerprint: finding.fingerprint, statement: statement,
        used: finding.evidence.map(\.record)))
  }

  private func artifact(_ file: SourceFile) -> ContentDigest {
    guard let id = artifacts[file] else {
      preconditionFailure("files are recorded before they are cited")
    }
    return id
  }

  private mutating func slice(
    _ document: String, path: String, digest: ContentDigest
  ) -> ContentDigest {
    ledger.append(SourceSlice(document: document, path: path, digest: digest)).id
  }
}

/// Citations: what a finding says it rests on.
extension EvidenceRecorder {
  mutating func cite(_ cell: DrawnReference, of element: String) -> Finding.Evidence {
    let digest = ContentDigest(of: cell.source)
    return Finding.Evidence(
      role: .diagramCell, name: element, location: cell.location, digest: digest,
      record: slice(cell.document, path: "cell \(cell.id)", digest: digest))
  }

  mutating func cite(_ rule: StepType) -> Finding.Evidence {
    let digest = ContentDigest(of: rule.source.utf8)
    let name = "\(rule.declaredIn).\(rule.name)"
    return Finding.Evidence(
      role: .rule, name: name, location: rule.location, digest: digest,
      record: slice(rule.location.document, path: "rule \(name)", digest: digest))
  }

  func cite(_ test: ModelTest) -> Finding.Evidence {
    Finding.Evidence(
      role: .testRun, name: test.id, location: nil, digest: test.record, record: test.record)
  }

  func cite(_ file: SourceFile) -> Finding.Evidence {
    Finding.Evidence(
      role: .file, name: file.name, location: SourceLocation(document: file.name),
      digest: file.digest, record: artifact(file))
  }

  /// Something the product file says, by the digest of what it says.
  mutating func citeClaim(
    _ name: String, at location: SourceLocation, saying words: [String]
  ) -> Finding.Evidence {
    let digest = ContentDigest(of: CanonicalJSON.bytes(of: .strings(words)))
    return Finding.Evidence(
      role: .claim, name: name, location: location, digest: digest,
      record: slice(location.document, path: name, digest: digest))
  }

  mutating func cite(_ statement: LineageStatement) -> Finding.Evidence {
    let digest = ContentDigest(
      of: CanonicalJSON.bytes(
        of: .strings([statement.subject, statement.field, statement.value])))
    let path = "\(statement.subject): \(statement.field)"
    return Finding.Evidence(
      role: .descriptor, name: path, location: statement.location, digest: digest,
      record: slice(statement.location?.document ?? "", path: path, digest: digest))
  }
}
