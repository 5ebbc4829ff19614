public import EngineSupport
public import ThreatLanguage

/// Reads the attack potential that a threat language gives a step as a meta text:
/// `attackPotential info: "time <=1 week, expertise proficient, knowledge restricted, window easy, equipment standard"`.
extension AttackPotential {
  /// The name of the meta text.
  public static let metaKey = "attackPotential"

  /// Reads the five factors, in any order, separated by commas; each must stand there once. Spaces count as
  /// one and around `<=` and `>` as none; capitals do not matter.
  ///
  /// - Throws: `attack-potential.malformed`, located at `location`, with the levels to choose from.
  public init(reading text: String, at location: SourceLocation?) throws(Diagnostic) {
    guard text.utf8.count <= 1_000 else {
      throw Self.malformed("the text is longer than 1,000 bytes", location, Self.example)
    }
    var levels: [Factor: String] = [:]
    for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(whereSeparator: \.isWhitespace)
      guard let name = words.first else {
        throw Self.malformed("a factor is missing between commas", location, Self.example)
      }
      guard let factor = Factor(rawValue: String(name)) else {
        let names = Factor.allCases.map(\.rawValue).joined(separator: ", ")
        throw Self.malformed("\"\(name)\" is no factor", location, "the factors: \(names)")
      }
      guard levels[factor] == nil else {
        throw Self.malformed(
          "\"\(name)\" is given twice", location, "each factor stands there once")
      }
      levels[factor] = Self.spaced(words.dropFirst().joined(separator: " "))
    }
    func level<Value: Level>(_ factor: Factor, _: Value.Type) throws(Diagnostic) -> Value {
      let choice = Value.allCases.map(\.rawValue).joined(separator: ", ")
      guard let text = levels[factor] else {
        throw Self.malformed(
          "\"\(factor.rawValue)\" is missing", location, "\(factor.rawValue) is one of: \(choice)")
      }
      guard let value = Value(rawValue: text) else {
        throw Self.malformed(
          "\"\(text)\" is no level of \(factor.rawValue)", location,
          "\(factor.rawValue) is one of: \(choice)")
      }
      return value
    }
    self.init(
      elapsedTime: try level(.time, ElapsedTime.self),
      expertise: try level(.expertise, Expertise.self),
      knowledge: try level(.knowledge, Knowledge.self),
      window: try level(.window, WindowOfOpportunity.self),
      equipment: try level(.equipment, Equipment.self))
  }

  /// As it is read.
  public var text: String {
    "time \(elapsedTime.rawValue), expertise \(expertise.rawValue), "
      + "knowledge \(knowledge.rawValue), window \(window.rawValue), "
      + "equipment \(equipment.rawValue)"
  }

  private enum Factor: String, CaseIterable {
    case time, expertise, knowledge, window, equipment
  }

  /// No space after a comparison, as levels are written.
  private static func spaced(_ text: String) -> String {
    var result = ""
    for character in text where !(character == " " && (result == "<=" || result == ">")) {
      result.append(character)
    }
    return result
  }

  private static let example =
    "such as: time <=1 week, expertise proficient, knowledge restricted, window easy, "
    + "equipment standard"

  private static func malformed(
    _ message: String, _ location: SourceLocation?, _ hint: String
  ) -> Diagnostic {
    Diagnostic("attack-potential.malformed", message, at: location, hint: hint)
  }
}

extension StepType {
  /// The attack potential that the language gives this step; `nil` where it gives none.
  ///
  /// - Throws: `attack-potential.malformed` at the step.
  public func attackPotential() throws(Diagnostic) -> AttackPotential? {
    guard let text = meta.first(where: { $0.key == AttackPotential.metaKey })?.text else {
      return nil
    }
    return try AttackPotential(reading: text, at: location)
  }
}
