public import AdversarialTesting
public import AttackGraphs
public import EngineSupport
public import ModelTesting
public import ThreatKnowledge

/// What was learnt about one model of the product.
public struct ModelAssessment: Sendable {
  public var id: String
  /// The asset it is in the attack graph.
  public var asset: String
  public var file: SourceFile
  public var evaluation: SourceFile?
  public var facts: Facts
  /// The whole run of the test plan; `nil` without one.
  public var run: ModelTestResult?
  /// In the order sensor, network, noise, then the same over streams; empty when nothing could be tested.
  public var tests: [ModelTest]
  /// The ledger record of the plan's properties; `nil` where the plan has none.
  public var propertyRecord: ContentDigest?
  /// Why a test that the language could use was not run; one sentence each.
  public var notTested: [String]
  /// What the descriptor says, field by field, and what was found.
  public var lineage: [LineageStatement]

  /// What the file itself says.
  public struct Facts: Sendable, Hashable {
    public var producer: String
    public var opset: Int
    public var irVersion: Int
    /// Name and shape of the input under test, without the batch.
    public var inputName: String
    public var inputShape: [Int]
    public var outputName: String
    public var classCount: Int
    public var parameters: Int
    public var multiplyAdds: Int
    /// Operators with how often each stands in the graph, by name.
    public var operators: [ModelUnderTest.OperatorCount]
  }
}

extension ModelAssessment.Facts {
  package init(_ model: ModelUnderTest) {
    self.init(
      producer: model.facts.producer, opset: model.facts.opset, irVersion: model.facts.irVersion,
      inputName: model.inputName, inputShape: model.inputShape,
      outputName: model.facts.outputName, classCount: model.facts.outputCount,
      parameters: model.facts.parameters, multiplyAdds: model.facts.multiplyAdds,
      operators: model.facts.operators)
  }
}

/// One campaign against a model, and where its result enters the attack graph.
public struct ModelTest: Sendable {
  /// `gauge-reader/evadeBySensor`, `leak-watch/streams/evadeBySensor`.
  public var id: String
  public var step: DemonstratedStep
  /// Whether whole streams were attacked, each instant bent once for all windows.
  public var isOverStreams = false
  public var title: String
  /// Engineering unit of budgets and distances.
  public var unit: String
  /// Why the budget is what it is, from the product file.
  public var reason: String
  /// The budget whose rate enters the graph.
  public var chosenBudget: Double
  public var result: CampaignResult
  /// Who attacks, and what was tried one by one; `nil` where nobody does.
  public var attacker: AttackerResult?
  /// What enters the graph; `nil` when the campaign is inconclusive, and then the prior stays, and over streams.
  public var measurement: Measurement?
  /// The ledger record of the run.
  public var record: ContentDigest

  /// The row of the chosen budget.
  public var chosen: BudgetResult? { result.budgets.first { $0.budget == chosenBudget } }
}

/// One statement about where a model comes from, and what its bytes say to it.
public struct LineageStatement: Sendable, Hashable {
  public enum Status: String, Sendable, Hashable, CaseIterable {
    /// The bytes were hashed and agree.
    case verified
    /// The bytes were hashed and disagree.
    case contradicted
    /// Somebody says so; nothing here can check it.
    case declared
    case missing
  }

  /// What it is about, such as `model gauge-reader` or `data set evaluation split`.
  public var subject: String
  public var field: String
  public var value: String
  public var status: Status
  public var location: SourceLocation?
}
