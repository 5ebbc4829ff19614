package import EngineSupport
public import ThreatLanguage

/// Every step an attacker could take against one product, with what each needs: nodes and edges in flat
/// arrays (compressed sparse rows) of 32-bit numbers, in a fixed order.
///
/// Edges run from parent to child. An OR step needs one parent, an AND step all of them; defences and
/// existence checks are leaves. Build one with `AttackGraph(_:over:measured:horizon:reportingTo:)`.
///
/// A step is an asset and a step type: what the language says of it is kept once for each type, so that a
/// node costs 16 bytes (owner, two row offsets, and at most 4 of the rest) and an edge 12 (child, parent, rule).
public struct AttackGraph: Sendable {
  /// Steps are numbered from 0 in asset order, then in the order of their type.
  public typealias StepID = Int

  public let language: CompiledLanguage
  public let instance: InstanceModel
  /// The language's steps as one table, with what generation worked out for each.
  package let stepTypes: StepTypeTable
  /// Position of each asset's type in the language, −1 for assets left out.
  package let assetTypes: [Int32]
  /// The steps of asset a are `firstSteps[a]..<firstSteps[a + 1]`.
  package let firstSteps: [Int32]
  /// The asset of each step.
  package let owners: [Int32]
  /// Probabilities that a defence is absent, where the model and not the language says so.
  package let modelPriors: [Int32: Double]
  /// Existence checks that do not hold, ascending.
  package let failedChecks: StepSet
  /// Rates that tests demonstrated, by step.
  public package(set) var measurements: [StepID: Measurement] = [:]
  /// Probabilities that a question assumes, by step; they go before measurements and priors.
  private(set) var assumptions: [StepID: Double] = [:]

  /// `parents[parentOffsets[i]..<parentOffsets[i + 1]]` are the parents of step i, ascending.
  public let parentOffsets: [Int32]
  public let parents: [Int32]
  /// `children[childOffsets[i]..<childOffsets[i + 1]]` are what step i leads to, in the order of its rules.
  public let childOffsets: [Int32]
  public let children: [Int32]
  /// In step with `children`: positions in `rules`.
  package let childRules: [Int32]
  /// Where each lead of the language stands.
  package let rules: [SourceLocation]

  package init(
    language: CompiledLanguage, instance: InstanceModel, stepTypes: StepTypeTable,
    nodes: Nodes, edges: Edges
  ) {
    self.language = language
    self.instance = instance
    self.stepTypes = stepTypes
    assetTypes = nodes.assetTypes
    firstSteps = nodes.firstSteps
    owners = nodes.owners
    modelPriors = nodes.modelPriors
    failedChecks = nodes.failedChecks
    childOffsets = edges.offsets
    children = edges.children
    childRules = edges.childRules
    rules = edges.rules
    (parentOffsets, parents) = AndOrGraph.transposed(
      offsets: edges.offsets, targets: edges.children)
  }

  /// Takes `probability` for the step's, whatever the language, the model and the tests say.
  ///
  /// For a defence it is the probability that it is **absent**: 0 puts it in place.
  public mutating func assume(_ step: StepID, probability: Double) {
    precondition((0...1).contains(probability), "a probability lies from 0 to 1")
    assumptions[step] = probability
  }

  /// What generation knows of the steps themselves.
  package struct Nodes {
    package var assetTypes: [Int32] = []
    package var firstSteps: [Int32] = [0]
    package var owners: [Int32] = []
    package var modelPriors: [Int32: Double] = [:]
    package var failedChecks = StepSet(capacity: 0)

    package init() {}
  }

  /// Rows of children in the order of their parents; no child stands twice in a row.
  package struct Edges {
    package var offsets: [Int32] = [0]
    package var children: [Int32] = []
    package var childRules: [Int32] = []
    package var rules: [SourceLocation] = []

    package init() {}
  }
}
