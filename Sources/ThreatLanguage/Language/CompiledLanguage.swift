public import EngineSupport

/// A checked threat language: every asset type with its steps as they are after inheritance.
public struct CompiledLanguage: Sendable {
  /// From `#id`.
  public var name: String
  /// From `#version`.
  public var version: String
  /// In source order; a type stands after its super-type.
  public var assetTypes: [AssetType]
  /// In source order.
  public var associations: [AssociationType]
  /// What the source declares, before inheritance; empty for a language made otherwise.
  package var declared = LanguageSpecification()

  public init(
    name: String, version: String, assetTypes: [AssetType], associations: [AssociationType]
  ) {
    self.name = name
    self.version = version
    self.assetTypes = assetTypes
    self.associations = associations
  }

  public func assetType(named name: String) -> AssetType? { assetTypes.first { $0.name == name } }

  /// Whether `name` is `ancestor` or inherits from it.
  public func isType(_ name: String, kindOf ancestor: String) -> Bool {
    var current: String? = name
    while let type = current {
      if type == ancestor { return true }
      current = assetType(named: type)?.superType
    }
    return false
  }
}

/// One kind of thing in the modelled world.
public struct AssetType: Sendable {
  public var name: String
  public var category: String
  public var superType: String?
  public var isAbstract: Bool
  public var meta: [MetaText]
  /// All steps and defences, overriding done: those the type itself declares, in source order, then the
  /// inherited ones in the order of the super-type; as mal-toolbox orders them.
  public var steps: [StepType]
  /// `let` variables, own and inherited.
  public var variables: [String: StepExpression]
  public var location: SourceLocation

  public init(
    name: String, category: String, superType: String?, isAbstract: Bool, meta: [MetaText],
    steps: [StepType], variables: [String: StepExpression], location: SourceLocation
  ) {
    self.name = name
    self.category = category
    self.superType = superType
    self.isAbstract = isAbstract
    self.meta = meta
    self.steps = steps
    self.variables = variables
    self.location = location
  }

  public func step(named name: String) -> StepType? { steps.first { $0.name == name } }
}

/// `key info: "text"` of an asset, step, category or association.
public struct MetaText: Sendable, Hashable {
  public var key: String
  public var text: String

  public init(key: String, text: String) {
    self.key = key
    self.text = text
  }
}

/// One attack step, defence or existence check of an asset type.
public struct StepType: Sendable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// `|`: reached when one parent is.
    case or
    /// `&`: reached when all parents are.
    case and
    /// `#`: a defence; leads on where it is absent.
    case defense
    /// `E`: leads on where the required assets exist.
    case exist
    /// `!E`: leads on where the required assets do not exist.
    case notExist
  }

  public var name: String
  public var kind: Kind
  /// `@tag`s in source order.
  public var tags: [String]
  /// `[distribution]`; `nil` where the source gives none.
  public var ttc: TTCExpression?
  public var meta: [MetaText]
  /// `<-` expressions of existence checks.
  public var requires: [StepExpression]
  /// What reaching this step leads to, inherited (`+>`) ones first.
  public var leadsTo: [Lead]
  /// The asset type whose source declares the step as it is in force here.
  public var declaredIn: String
  /// The declaration; `byteRange` covers it whole.
  public var location: SourceLocation
  /// The text of the declaration: what evidence hashes when it cites this rule.
  public var source: String
  /// `{C, I, A}`: what reaching the step harms.
  public var impact: Impact = []
  /// `action` or `effect`, where the source says so.
  public var causalMode: CausalMode?
  /// `!` lines: what would notice the step; they are no part of the attack graph.
  public var detectors: [DetectorType] = []
  /// `A>` and `R>`: what reaching the step changes in the model; no part of the attack graph.
  public var effects: [ModelEffect] = []

  /// One expression after `->` or `+>`.
  public struct Lead: Sendable {
    public var expression: StepExpression
    /// The line that says so: the rule behind an edge.
    public var location: SourceLocation

    public init(expression: StepExpression, location: SourceLocation) {
      self.expression = expression
      self.location = location
    }
  }

  public init(
    name: String, kind: Kind, tags: [String], ttc: TTCExpression?, meta: [MetaText],
    requires: [StepExpression], leadsTo: [Lead], declaredIn: String, location: SourceLocation,
    source: String
  ) {
    self.name = name
    self.kind = kind
    self.tags = tags
    self.ttc = ttc
    self.meta = meta
    self.requires = requires
    self.leadsTo = leadsTo
    self.declaredIn = declaredIn
    self.location = location
    self.source = source
  }
}

/// A walk from an asset over associations to steps of other assets.
public indirect enum StepExpression: Sendable, Hashable {
  /// A step of the asset the walk has come to: the end of every `leadsTo` expression.
  case step(String)
  /// Over the association end called so.
  case field(String)
  /// Calls a `let` variable.
  case variable(String)
  /// `left.right`
  case collect(StepExpression, StepExpression)
  /// `left \/ right`
  case union(StepExpression, StepExpression)
  /// `left /\ right`
  case intersection(StepExpression, StepExpression)
  /// `left - right`
  case difference(StepExpression, StepExpression)
  /// `inner*`: inner applied none, one or many times.
  case transitive(StepExpression)
  /// `inner[Type]`
  case subType(StepExpression, String)
}

/// Time to compromise (attacker days) or, for defences, the probability that it is in place.
public indirect enum TTCExpression: Sendable, Hashable {
  /// A distribution by its MAL name (`Exponential`, `Bernoulli`, …) with its arguments.
  case distribution(String, [Double])
  case number(Double)
  case sum(TTCExpression, TTCExpression)
  case difference(TTCExpression, TTCExpression)
  case product(TTCExpression, TTCExpression)
  case quotient(TTCExpression, TTCExpression)
  case power(TTCExpression, TTCExpression)
}

/// `Left [leftField] multiplicity <-- Name --> multiplicity [rightField] Right`
public struct AssociationType: Sendable {
  public struct End: Sendable, Hashable {
    public var assetType: String
    /// The name by which the other side reaches this end.
    public var field: String
    public var minimum: Int
    /// `nil` for `*`.
    public var maximum: Int?

    public init(assetType: String, field: String, minimum: Int, maximum: Int?) {
      self.assetType = assetType
      self.field = field
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  public var name: String
  public var left: End
  public var right: End
  public var meta: [MetaText]
  public var location: SourceLocation

  public init(name: String, left: End, right: End, meta: [MetaText], location: SourceLocation) {
    self.name = name
    self.left = left
    self.right = right
    self.meta = meta
    self.location = location
  }
}
