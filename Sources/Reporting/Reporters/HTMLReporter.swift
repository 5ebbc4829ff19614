public import AssessmentPipeline

/// Writes the report for people: `report.html`, one file that needs no network, no script and no other file.
public struct HTMLReporter: Reporter {
  public static let format = "html"

  private let layout: any GraphLayout

  public init(layout: any GraphLayout) { self.layout = layout }

  public func render(_ result: AssessmentResult) throws -> [ReportFile] {
    let page = Page(result: result, layout: layout)
    var bytes = Array("<!DOCTYPE html>\n".utf8)
    try page.render().write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return [ReportFile(name: "report.html", bytes: bytes)]
  }
}
