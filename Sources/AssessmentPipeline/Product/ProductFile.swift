public import AttackGraphs
public import EngineSupport
public import ThreatKnowledge

/// The product file (`bartizan.yaml`): what is assessed, with which inputs, against which fears.
///
/// Read with `ProductFile(reading:)`; the manual's page "Product file" documents each key.
public struct ProductFile: Sendable {
  /// The document's name in diagnostics and evidence.
  public var document: String
  public var product: Product
  public var diagrams: [FileReference]
  public var components: [Component]
  public var flows: [Flow]
  public var zones: [Zone]
  public var models: [Model]
  public var consequences: [Consequence]
  public var entryPoints: [EntryPoint]
  /// Attacker days within which a step must succeed.
  public var horizonDays: Double
  /// What it costs to put a defence in place, where it is not 1.
  public var defenseCosts: [DefenseCost]
  public var whatIfs: [WhatIf]

  public struct Product: Sendable {
    public var name: String
    public var version: String
    public var owner: String?
    public var description: String?
  }

  /// A path relative to the product file, with the place that names it.
  public struct FileReference: Sendable, Hashable {
    public var path: String
    public var location: SourceLocation
  }

  public struct Model: Sendable {
    public var id: String
    public var file: FileReference
    public var descriptor: FileReference?
    /// Label or cell id of the drawn component.
    public var component: String
    /// What the model is tested with; `nil` where it is not tested.
    public var testPlan: FileReference?
    /// Which drawn sensor feeds which channels of the test plan's input.
    public var sensors: [ChannelSource]
    public var location: SourceLocation
  }

  /// A channel or group of channels of a test plan, and the drawn sensor that measures it.
  public struct ChannelSource: Sendable {
    public var channel: String
    /// Label or cell id.
    public var sensor: String
    public var location: SourceLocation
  }

  public struct Consequence: Sendable {
    public var id: String
    public var kind: ConsequenceKind
    public var component: String
    public var severity: Finding.Severity
    public var description: String
    public var location: SourceLocation
  }

  public struct EntryPoint: Sendable {
    public var id: String
    public var component: String
    public var front: Front
    /// The step of the language that the attacker has reached to begin with.
    public var step: String
    public var reason: String
    public var location: SourceLocation
  }

  public enum Front: String, Sendable, Hashable, CaseIterable {
    case network, sensor

    public var fronts: Fronts { self == .network ? .network : .sensor }
  }
}

extension ProductFile {
  /// Every file the product file names, in its order; what test plans name comes beside (`PlannedFiles`).
  public var references: [FileReference] {
    diagrams + claims.compactMap(\.claim.evidence)
      + models.flatMap { [$0.file] + [$0.descriptor, $0.testPlan].compactMap(\.self) }
  }
}
