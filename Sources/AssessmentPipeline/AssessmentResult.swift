public import ArchitectureModel
public import AttackGraphs
public import DiagramImport
public import EngineSupport
public import Provenance
public import ThreatKnowledge

/// A finished assessment: all that reports are made of, and nothing that a report would have to guess.
public struct AssessmentResult: Sendable {
  public var product: ProductFile
  public var seed: UInt64
  /// Every input with its digest: product file, catalogues, diagrams, models, descriptors, data, language.
  public var sources: [SourceFile]
  /// The catalogues that identifiers were looked up in.
  public var knowledge: KnowledgeBase
  public var diagrams: [ImportedDiagram]
  public var architecture: ArchitectureGraph
  public var bound: BoundInstance
  /// What the product file says of defences, in its order.
  public var defenses: [DefenseStatement]
  public var graph: AttackGraph
  /// Parallel to the product file's consequences.
  public var reachability: [GoalReachability]
  public var models: [ModelAssessment]
  public var decisions: Decisions
  /// `nil` where the product file asks for no level.
  public var securityLevels: SecurityLevels?
  /// Most severe first, then by id.
  public var findings: [Finding]
  /// Warnings and notes of all stages, in their order.
  public var diagnostics: [Diagnostic]
  public var ledger: EvidenceLedger
  /// Merkle root over everything in the ledger.
  public var root: ContentDigest
}

/// One input file as it was read.
public struct SourceFile: Sendable, Hashable {
  public enum Role: String, Sendable, Hashable, CaseIterable {
    case product = "product file"
    case diagram
    case model
    case descriptor
    case testPlan = "test plan"
    case evaluationData = "evaluation data"
    case measurementModel = "measurement model"
    case language = "threat language"
    case knowledgeLock = "lock file"
    case catalogue
    case defenseEvidence = "evidence of a defence"
  }

  public var role: Role
  public var name: String
  /// Bytes.
  public var size: Int
  public var digest: ContentDigest
}
