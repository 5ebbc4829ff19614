import AssessmentPipeline

/// The few words of the report that a reader may not know.
struct GlossarySection: PageSection {
  static let anchor = "glossary"
  static let title = "Glossary"

  init(result: AssessmentResult, layout: any GraphLayout) {}

  private static let words: [(String, String)] = [
    ("Front", "A side from which a product is attacked: the network, or what its sensors see."),
    (
      "Attack path",
      "A smallest set of steps that leads from entry points to a consequence; none can be left out."
    ),
    (
      "OR step, AND step",
      "An OR step needs one of the steps before it, an AND step all of them."
    ),
    (
      "Prior",
      "The probability the threat language gives a step before anything is measured: a judgement."
    ),
    ("Measured", "A rate of successes in trials on the given files, which replaces the prior."),
    (
      "Budget",
      "The largest change of any single input element that a test allows, in engineering units."
    ),
    (
      "Clopper–Pearson interval",
      "Bounds that contain the true rate with at least the stated confidence, whatever it is."
    ),
    (
      "Self-check",
      "A test of the test: a campaign that fails one is inconclusive and changes no probability."
    ),
    (
      "Evidence root",
      "The Merkle root over all ledger records: one changed byte of what they cover changes it."
    ),
    ("Fingerprint", "A digest of one finding and of all it rests on."),
  ]

  func content() -> [Markup] {
    [
      .element(
        "dl", [attribute("class", "title-block")],
        Self.words.map { word in
          tag("div", [], tag("dt", [], .text(word.0)), tag("dd", [], .text(word.1)))
        })
    ]
  }
}
