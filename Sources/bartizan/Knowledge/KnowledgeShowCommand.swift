import ArgumentParser
import EngineSupport
import ThreatKnowledge

/// `bartizan knowledge show`: an entry of any catalogue, with what it has to do with others.
struct KnowledgeShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an entry of any catalogue: name, version, relations, flags.",
    discussion: """
      ID is an identifier in any case and spacing. Requirements that only the press reports say so.

      EXAMPLES
        bartizan knowledge show T0855
        bartizan knowledge show "CR 1.1 RE(1)"
        bartizan knowledge show AML.T0043
        bartizan knowledge show AITM-7.5-AR
        bartizan knowledge show T0855 --lock bartizan.lock.yaml
      """)

  @Argument(help: ArgumentHelp("The identifier.", valueName: "ID"))
  var id: String

  @OptionGroup var lock: LockInput

  func run() throws {
    try Terminal.reportingFailures {
      let knowledge = try lock.knowledge()
      let matches = knowledge.matches(id)
      guard !matches.isEmpty else {
        throw Diagnostic(
          "knowledge.entry.unknown", "no catalogue holds \"\(id)\"",
          hint: knowledge.hint(for: id) ?? "`bartizan knowledge list` lists the catalogues")
      }
      for (index, match) in matches.enumerated() {
        if index > 0 { Terminal.say("") }
        for line in EntryDescription(of: match, in: knowledge).lines { Terminal.say(line) }
      }
    }
  }
}
