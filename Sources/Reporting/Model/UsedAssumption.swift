import AssessmentPipeline
import ThreatKnowledge
import ThreatLanguage

/// Something the binding table takes for granted, and the assets of this product it was taken for.
struct UsedAssumption {
  var row: BindingTable.Row
  var assumption: String
  var assets: [String]

  /// In the order in which the rows were first used.
  static func all(in result: AssessmentResult) -> [UsedAssumption] {
    var used: [UsedAssumption] = []
    var place: [String: Int] = [:]
    for (asset, basis) in zip(result.bound.model.assets, result.bound.basis) {
      guard let assumption = basis.row.assumption else { continue }
      if let index = place[basis.row.id] {
        used[index].assets.append(asset.name)
      } else {
        place[basis.row.id] = used.count
        used.append(
          UsedAssumption(row: basis.row, assumption: assumption, assets: [asset.name]))
      }
    }
    return used
  }
}
