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

  /// One part of a text that may cite: what it says, and the entries that it names.
  public struct CitedPart: Sendable {
    public let text: String
    /// Empty when the part begins with no identifier that a catalogue holds.
    public let matches: [Match]
  }

  /// The parts of a text such as `T0830 Adversary-in-the-Middle, CR 3.1 RE(1); AML.T0043`, between commas and
  /// semicolons: each begins with an identifier or names nothing.
  public func parts(citedIn text: String) -> [CitedPart] {
    text.split(whereSeparator: { $0 == "," || $0 == ";" }).compactMap { part in
      let words = part.split(separator: " ")
      guard !words.isEmpty else { return nil }
      let found = stride(from: min(words.count, Self.wordLimit), to: 0, by: -1).lazy
        .map { matches(words.prefix($0).joined(separator: " ")) }.first { !$0.isEmpty }
      return CitedPart(text: words.joined(separator: " "), matches: found ?? [])
    }
  }

  /// The entries that the parts of a text name.
  public func matches(citedIn text: String) -> [Match] {
    parts(citedIn: text).flatMap(\.matches)
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
