import ArgumentParser

/// `bartizan knowledge`: the catalogues that identifiers are looked up in.
struct KnowledgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knowledge",
    abstract: "List catalogues, show an entry of any of them, or import a newer release.",
    discussion: """
      Catalogues hold identifiers, official names, relations and levels of ATT&CK for ICS, ATLAS, CWE, CAPEC,
      IEC 62443, ISO/IEC 42001, the CRA, the AI Act and others. An imported release takes the place of the bundled
      one for the products whose lock file pins it.

      EXAMPLES
        bartizan knowledge list
        bartizan knowledge show T0855
        bartizan knowledge coverage
        bartizan knowledge import catalogues/ATLAS.yaml --lock bartizan.lock.yaml
      """,
    subcommands: [
      KnowledgeListCommand.self, KnowledgeShowCommand.self, KnowledgeImportCommand.self,
      KnowledgeCoverageCommand.self,
      KnowledgeBindingCommand.self,
    ])
}
