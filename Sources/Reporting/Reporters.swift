/// The registry of report formats: a new one is one file in `Reporters/` and one line here.
public enum Reporters {
  /// Sorted by format.
  public static func all(layout: any GraphLayout) -> [any Reporter] {
    [
      EvidenceReporter(),
      HTMLReporter(layout: layout),
      JSONReporter(),
      TestRecordReporter(),
    ]
  }
}
