import EngineSupport
public import ThreatLanguage

/// Finding in prose what the catalogues name: a threat language cites techniques and requirements in its texts.
extension KnowledgeBase {
  /// Keys of a language's texts that are no citations.
  private static let proseKeys: Set = ["basis", "developer", "modeler", "user"]
  /// Words of the longest identifier, such as `CR 1.1 RE (1)`.
  private static let wordLimit = 4

  /// An entry that a step of a language cites, and the step.
  public struct Citation: Sendable {
    public let match: Match
    public let step: StepType
  }

  /// What a text such as `T0830 Adversary-in-the-Middle, CR 3.1 RE(1); AML.T0043` names: the parts between
  /// commas and semicolons each begin with an identifier or name nothing.
  public func matches(citedIn text: String) -> [Match] {
    text.split(whereSeparator: { $0 == "," || $0 == ";" }).flatMap { part -> [Match] in
      let words = part.split(separator: " ").prefix(Self.wordLimit)
      for count in stride(from: words.count, to: 0, by: -1) {
        let found = matches(words.prefix(count).joined(separator: " "))
        if !found.isEmpty { return found }
      }
      return []
    }
  }

  /// What the steps of `language` cite, in its order; a step that types inherit counts once.
  public func citations(of language: CompiledLanguage) -> [Citation] {
    language.assetTypes.flatMap { type in
      type.steps.filter { $0.declaredIn == type.name }.flatMap { step in
        step.meta.filter { !Self.proseKeys.contains($0.key) }.flatMap { meta in
          matches(citedIn: meta.text).map { Citation(match: $0, step: step) }
        }
      }
    }
  }
}
