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
    public var inputs: [ModelInput]
    public var evaluation: Evaluation?
    public var location: SourceLocation
  }

  /// What one input tensor is physically, and what it can be changed to on each front.
  public struct ModelInput: Sendable {
    public var tensor: String
    /// Label or cell id of the drawn sensor that feeds it.
    public var sensor: String
    public var quantity: String?
    /// Engineering unit of the tensor's elements.
    public var unit: String
    /// Physical range of each element, in `unit`.
    public var range: ClosedRange<Double>
    /// Distance between neighbouring values the converter can give, in `unit`.
    public var leastSignificantBit: Double
    public var noise: Noise?
    public var sensorAttacker: Capability?
    public var networkAttacker: Capability?
    public var location: SourceLocation
  }

  public struct Noise: Sendable {
    /// In the input's unit.
    public var standardDeviation: Double
    public var reason: String
  }

  /// What an attacker on one front can change at most.
  public struct Capability: Sendable {
    /// Ladder of largest changes of any element, ascending, in the input's unit.
    public var maximumChange: [Double]
    /// The one of the ladder whose measured rate enters the graph.
    public var chosen: Double
    public var reason: String
    public var location: SourceLocation
  }

  /// Labelled samples the tests start from.
  public struct Evaluation: Sendable {
    public var file: FileReference
    /// Names of arrays in the archive.
    public var inputs: String
    public var labels: String
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
  /// Every file the assessment needs, in the order in which the product file names them.
  public var references: [FileReference] {
    diagrams + claims.compactMap(\.claim.evidence)
      + models.flatMap { [$0.file] + [$0.descriptor, $0.evaluation?.file].compactMap(\.self) }
  }
}
