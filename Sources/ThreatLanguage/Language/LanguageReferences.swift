package import EngineSupport

/// Which step of a language leads to which, and which variables are called: every name resolved to the type
/// that it stands for.
package struct LanguageReferences: Sendable {
  /// One lead of a step, as the type that declares the step says it.
  package struct Lead: Sendable {
    /// Positions in `assetTypes`.
    package var fromType: Int
    package var fromStep: String
    package var toType: Int
    package var toStep: String
    package var expression: StepExpression
    package var location: SourceLocation

    /// Whether the lead stays on the asset it starts from.
    package var staysOnAsset: Bool { if case .step = expression { true } else { false } }
  }

  package struct Variable: Hashable, Sendable {
    /// Position in `assetTypes`.
    package var type: Int
    package var name: String
  }

  /// In the order of types, steps and leads.
  package private(set) var leads: [Lead] = []
  /// By the type that declares the variable.
  package private(set) var calledVariables: Set<Variable> = []

  private let language: CompiledLanguage
  package let index: LanguageIndex
  private let fields: [[String: Int]]
  private var variableTypes: [Variable: Int?] = [:]

  package init(_ language: CompiledLanguage) {
    self.language = language
    index = LanguageIndex(language)
    var fields = Array(repeating: [String: Int](), count: language.assetTypes.count)
    for association in language.associations {
      guard let left = index.types[association.left.assetType],
        let right = index.types[association.right.assetType]
      else { continue }
      fields[left][association.right.field] = right
      fields[right][association.left.field] = left
    }
    self.fields = fields
    for (type, asset) in language.assetTypes.enumerated() {
      for name in asset.variables.keys.sorted() { _ = variable(name, of: type, isCall: false) }
      for step in asset.steps where step.declaredIn == asset.name { collect(step, of: type) }
    }
  }

  private mutating func collect(_ step: StepType, of type: Int) {
    for lead in step.leadsTo {
      guard let (target, name) = end(of: lead.expression, from: type) else { continue }
      leads.append(
        Lead(
          fromType: type, fromStep: step.name, toType: target, toStep: name,
          expression: lead.expression, location: lead.location))
    }
    for expression in step.requires { _ = self.type(of: expression, from: type) }
    for detector in step.detectors {
      for context in detector.context { _ = end(of: context.expression, from: type) }
    }
    for effect in step.effects {
      let base = self.type(of: effect.base, from: type)
      for target in effect.targets {
        _ = self.type(of: target.walk, from: type)
        if let base { _ = self.type(of: target.walk, from: base) }
      }
    }
  }

  /// The type that the field of `type` leads to.
  package func field(_ name: String, of type: Int) -> Int? {
    for owner in index.ancestry(of: type) { if let target = fields[owner][name] { return target } }
    return nil
  }

  /// The topmost type above `type` that has the step.
  package func root(of step: String, on type: Int) -> Int {
    index.ancestry(of: type).last { language.assetTypes[$0].step(named: step) != nil } ?? type
  }

  /// The type that declares the variable which `type` has.
  package func owner(ofVariable name: String, on type: Int) -> Int {
    index.ancestry(of: type).last { language.assetTypes[$0].variables[name] != nil } ?? type
  }

  /// The type that the variable of `type` leads to.
  package func type(ofVariable name: String, on type: Int) -> Int? {
    variableTypes[Variable(type: owner(ofVariable: name, on: type), name: name)] ?? nil
  }

  private mutating func end(of expression: StepExpression, from type: Int) -> (Int, String)? {
    switch expression {
    case .step(let name): return (type, name)
    case .collect(let left, let right):
      guard let middle = self.type(of: left, from: type) else { return nil }
      return end(of: right, from: middle)
    default: return nil
    }
  }

  private mutating func type(of expression: StepExpression, from type: Int) -> Int? {
    switch expression {
    case .step: return type
    case .field(let name): return field(name, of: type) ?? (name == "self" ? type : nil)
    case .variable(let name): return variable(name, of: type, isCall: true)
    case .collect(let left, let right):
      return self.type(of: left, from: type).flatMap { self.type(of: right, from: $0) }
    case .union(let left, let right), .intersection(let left, let right),
      .difference(let left, let right):
      return common(self.type(of: left, from: type), self.type(of: right, from: type))
    case .transitive(let inner): return self.type(of: inner, from: type)
    case .subType(let inner, let name):
      _ = self.type(of: inner, from: type)
      return index.types[name]
    }
  }

  private mutating func type(of walk: ModelEffect.Walk, from type: Int) -> Int? {
    switch walk {
    case .field(let name): return field(name, of: type) ?? (name == "self" ? type : nil)
    case .variable(let name): return variable(name, of: type, isCall: true)
    case .collect(let left, let right):
      return self.type(of: left, from: type).flatMap { self.type(of: right, from: $0) }
    case .union(let left, let right), .intersection(let left, let right),
      .difference(let left, let right):
      return common(self.type(of: left, from: type), self.type(of: right, from: type))
    case .transitive(let inner), .quantity(let inner, _, _): return self.type(of: inner, from: type)
    case .subType(let inner, let name):
      _ = self.type(of: inner, from: type)
      return index.types[name]
    }
  }

  /// The nearest type that both are kinds of.
  package func common(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    return index.ancestry(of: left).first { index.isType(right, kindOf: $0) }
  }

  private mutating func variable(_ name: String, of type: Int, isCall: Bool) -> Int? {
    guard let body = language.assetTypes[type].variables[name] else { return nil }
    let key = Variable(type: owner(ofVariable: name, on: type), name: name)
    if isCall { calledVariables.insert(key) }
    if let known = variableTypes[key] { return known }
    // Unknown while it is looked at: a circle ends here.
    variableTypes[key] = .some(nil)
    let result = self.type(of: body, from: key.type)
    variableTypes[key] = .some(result)
    return result
  }
}
