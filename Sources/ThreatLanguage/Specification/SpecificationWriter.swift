import EngineSupport

/// Declarations as language-specification JSON, value for value what mal-toolbox 2.11 compiles to.
///
/// Source: mal-toolbox 2.11, `language/compiler/mal_compiler.py`; MAL wiki, “MAL language specification”.
enum SpecificationWriter {
  static func json(of declarations: [MALFile.Declaration]) -> JSONValue {
    var defines: [(key: String, value: String)] = []
    var categories: [JSONValue] = []
    var assets: [JSONValue] = []
    var associations: [JSONValue] = []
    // What is declared twice word for word stands once.
    var seen: Set<JSONValue> = []
    for declaration in declarations {
      switch declaration {
      case .define(let define):
        if let earlier = defines.firstIndex(where: { $0.key == define.key.text }) {
          defines[earlier].value = define.rawValue
        } else {
          defines.append((define.key.text, define.rawValue))
        }
      case .category(let category):
        let value: JSONValue = [
          "name": .string(category.name.text), "meta": meta(category.meta),
        ]
        if seen.insert(value.withSortedMeta).inserted { categories.append(value) }
        assets += category.assets.map { asset($0, in: category.name.text) }
      case .association(let declared):
        let value = association(declared)
        if seen.insert(value.withSortedMeta).inserted { associations.append(value) }
      case .include: break
      }
    }
    return [
      "formatVersion": "1.0.0",
      "defines": .object(defines.map { ($0.key, .string($0.value)) }),
      "categories": .array(categories), "assets": .array(assets),
      "associations": .array(associations),
    ]
  }

  private static func meta(_ meta: [MetaSyntax]) -> JSONValue {
    .object(meta.map { ($0.key.text, .string($0.rawText)) })
  }

  private static func asset(_ asset: AssetSyntax, in category: String) -> JSONValue {
    [
      "name": .string(asset.name.text), "meta": meta(asset.meta), "category": .string(category),
      "isAbstract": .bool(asset.isAbstract),
      "superAsset": asset.superType.map { .string($0.text) } ?? .null,
      "variables": .array(
        asset.variables.map { variable in
          [
            "name": .string(variable.name.text),
            "stepExpression": expression(variable.expression, names: .fields),
          ]
        }),
      "attackSteps": .array(asset.steps.map(step)),
    ]
  }

  private static func step(_ step: StepSyntax) -> JSONValue {
    [
      "name": .string(step.name.text), "meta": meta(step.meta),
      "detectors": detectors(step.detectors), "type": .string(step.kind.rawValue),
      "causal_mode": step.causalMode.map { .string($0.rawValue) } ?? .null,
      "tags": .strings(step.tags), "risk": risk(step.impact),
      "ttc": step.ttc.map(timeToCompromise) ?? .null,
      "requires": step.requires.map {
        clause(overrides: true, $0.expressions.map { expression($0, names: .fields) })
      } ?? .null,
      "reaches": step.leads.map {
        clause(overrides: !$0.isAddition, $0.expressions.map { expression($0, names: .endsInStep) })
      } ?? .null,
      "append_reaches": effects(step.additions), "remove_reaches": effects(step.removals),
    ]
  }

  private static func clause(overrides: Bool, _ expressions: [JSONValue]) -> JSONValue {
    ["overrides": .bool(overrides), "stepExpressions": .array(expressions)]
  }

  private static func risk(_ impact: [NameSyntax]) -> JSONValue {
    guard !impact.isEmpty else { return .null }
    let letters = Set(impact.map(\.text))
    return [
      "isConfidentiality": .bool(letters.contains("C")),
      "isIntegrity": .bool(letters.contains("I")),
      "isAvailability": .bool(letters.contains("A")),
    ]
  }

  // MARK: - Detectors and model effects

  /// By name, the last of several with one name in the place of the first.
  private static func detectors(_ detectors: [DetectorSyntax]) -> JSONValue {
    var members: [JSONValue.Member] = []
    for detector in detectors {
      var context: [JSONValue.Member] = []
      for (reference, label) in detector.context {
        context.set(label, expression(reference, names: .endsInStep))
      }
      members.set(
        detector.name,
        [
          "name": .string(detector.name), "context": JSONValue(.object(context)),
          "type": detector.type.map { .string($0) } ?? .null,
          "tprate": detector.truePositiveRate.map(number) ?? .null,
          "fprate": detector.falsePositiveRate.map(number) ?? .null,
        ])
    }
    return JSONValue(.object(members))
  }

  private static func effects(_ effects: EffectsSyntax?) -> JSONValue {
    guard let effects else { return .null }
    let sentences = effects.sentences.map { sentence -> JSONValue in
      [
        "type": "dyn_sentence", "base": expression(sentence.base, names: .fields),
        "targets": .array(
          sentence.targets.map { target in
            let walk = expression(target.expression, names: .fields)
            return target.isAssociation ? ["type": "assoc_op", "operand": walk] : walk
          }),
      ]
    }
    return clause(overrides: !effects.isAddition, sentences)
  }

  // MARK: - Expressions

  /// What a bare name in an expression stands for.
  private enum Names {
    case fields
    /// A step, unless a `.` follows.
    case endsInStep
  }

  private static func expression(_ syntax: ExpressionSyntax, names: Names) -> JSONValue {
    func binary(
      _ type: JSONValue, _ left: ExpressionSyntax, _ right: ExpressionSyntax
    ) -> JSONValue {
      // mal-toolbox looks for a `.` anywhere after the name.
      let leftNames = type == "collect" || right.hasPath ? Names.fields : names
      return [
        "type": type, "lhs": expression(left, names: leftNames),
        "rhs": expression(right, names: names),
      ]
    }
    switch syntax.shape {
    case .name(let name):
      return ["type": names == .fields ? "field" : "attackStep", "name": .string(name)]
    case .call(let name): return ["type": "variable", "name": .string(name)]
    case .collect(let left, let right): return binary("collect", left, right)
    case .union(let left, let right): return binary("union", left, right)
    case .intersection(let left, let right): return binary("intersection", left, right)
    case .difference(let left, let right): return binary("difference", left, right)
    case .transitive(let inner):
      return ["type": "transitive", "stepExpression": expression(inner, names: names)]
    case .subType(let inner, let name):
      return [
        "type": "subType", "subType": .string(name.text),
        "stepExpression": expression(inner, names: names),
      ]
    case .quantity(let inner, let quantity):
      return [
        "type": "multiplicity",
        "multiplicity": [
          "min": .string(quantity.minimum), "max": quantity.maximum.map { .string($0) } ?? .null,
        ],
        "stepExpression": expression(inner, names: names),
      ]
    }
  }

  private static func timeToCompromise(_ syntax: TTCSyntax) -> JSONValue {
    switch syntax.shape {
    case .number(let value): return ["type": "number", "value": number(value)]
    case .distribution(let name, let arguments):
      return [
        "type": "function", "name": .string(name), "arguments": .array(arguments.map(number)),
      ]
    case .operation(let operation, let left, let right):
      return [
        "type": .string(operation.specificationName), "lhs": timeToCompromise(left),
        "rhs": timeToCompromise(right),
      ]
    }
  }

  private static func number(_ value: Double) -> JSONValue {
    JSONValue(.number(value.description))
  }

  // MARK: - Associations

  private static func association(_ association: AssociationSyntax) -> JSONValue {
    func multiplicity(_ end: AssociationSyntax.End) -> JSONValue {
      ["min": .integer(end.minimum), "max": end.maximum.map { .integer($0) } ?? .null]
    }
    return [
      "name": .string(association.name.text), "meta": meta(association.meta),
      "leftAsset": .string(association.left.type.text),
      "leftField": .string(association.left.field.text),
      "leftMultiplicity": multiplicity(association.left),
      "rightAsset": .string(association.right.type.text),
      "rightField": .string(association.right.field.text),
      "rightMultiplicity": multiplicity(association.right),
    ]
  }
}

extension TTCSyntax.Operation {
  /// As the specification calls it.
  var specificationName: String {
    switch self {
    case .sum: "addition"
    case .difference: "subtraction"
    case .product: "multiplication"
    case .quotient: "division"
    case .power: "exponentiation"
    }
  }
}

extension ExpressionSyntax {
  /// Whether a `.` stands anywhere in it.
  fileprivate var hasPath: Bool {
    switch shape {
    case .name, .call: false
    case .collect: true
    case .union(let left, let right), .intersection(let left, let right),
      .difference(let left, let right):
      left.hasPath || right.hasPath
    case .transitive(let inner), .subType(let inner, _), .quantity(let inner, _): inner.hasPath
    }
  }
}

extension [JSONValue.Member] {
  /// Sets the member of that key in its old place, or at the end.
  fileprivate mutating func set(_ key: String, _ value: JSONValue) {
    if let index = firstIndex(where: { $0.key == key }) {
      self[index].value = value
    } else {
      append(JSONValue.Member(key, value))
    }
  }
}

extension JSONValue {
  /// For comparison: the order of meta texts means nothing.
  fileprivate var withSortedMeta: JSONValue {
    guard case .object(let members) = kind else { return self }
    return JSONValue(
      .object(
        members.map { member in
          guard member.key == "meta", case .object(let texts) = member.value.kind else {
            return member
          }
          return Member("meta", JSONValue(.object(texts.sorted { $0.key < $1.key })))
        }))
  }
}
