import AdversarialTesting
import EngineSupport
import ModelTesting
import ThreatKnowledge

/// The first sample that broke within the chosen budget as a picture: an image as cells, a time series as lines, a
/// snapshot as what each changed channel read before and after.
struct ExamplePart {
  let campaign: ShownCampaign
  /// `nil` where a model was tested without one.
  let plan: TestPlan?
  let shape: [Int]

  /// Nothing where nothing broke or nothing of this shape can be drawn. `id` is unique in the page.
  func render(id: String) -> Markup {
    guard let plan,
      let sample = campaign.result.samples.first(where: {
        $0.example.map { $0.budget <= campaign.chosen } ?? false
      }), let example = sample.example
    else { return .nothing }
    let start = sentence(sample, example, plan)
    let title = "Broken sample of \(campaign.id)"
    let clean = units(example.original, plan)
    let changed = units(example.reading, plan)
    let layout = plan.input.layout
    if layout.contains(.time) {
      guard
        let picture = SignalPicture(
          layout: layout, shape: shape, channels: plan.input.channels, clean: clean,
          changed: changed)
      else { return .nothing }
      let caption = start + picture.caption
      return Fragment.figure(
        picture.render(id: id, title: title, description: caption), caption: caption)
    }
    if layout == [.channel] || layout.isEmpty && clean.count == 1 {
      guard
        let picture = ChangePicture(
          channels: plan.input.channels, clean: clean, changed: changed,
          inNoise: campaign.attacker.map { $0.attacker.measure == .noise }
            ?? (campaign.step == .errUnderNoise))
      else { return .nothing }
      let caption = start + picture.caption
      return Fragment.figure(
        picture.render(id: id, title: title, description: caption), caption: caption)
    }
    return image(id: id, title: title, start: start, plan, clean: clean, changed: changed)
  }

  /// Of a regression the records hold no output, only that the change exceeds what the plan tolerates.
  private func sentence(
    _ sample: SampleRecord, _ example: SampleRecord.Example, _ plan: TestPlan
  ) -> String {
    let first =
      switch plan.task {
      case .classification:
        "Row \(sample.index), labelled \(plan.name(ofClass: sample.label)): clean, it is read as "
          + "\(plan.name(ofClass: sample.cleanPrediction)); perturbed, as "
          + "\(plan.name(ofClass: example.prediction))."
      case .regression(let tolerance, let unit):
        "Row \(sample.index): perturbed, the output differs from that of the clean sample by more than the "
          + "tolerance of \(DecimalText.quantity(tolerance)) \(unit)."
      }
    return first + " The first sample that broke within \(DecimalText.quantity(campaign.chosen)) "
      + "\(campaign.unit). "
  }

  /// Engineering units of the tensor's values.
  private func units(_ values: [Float], _ plan: TestPlan) -> [Double] {
    let scaling = plan.input.scaling
    return values.map { Double($0) * scaling.unitsPerTensorUnit + scaling.offset }
  }

  private func image(
    id: String, title: String, start: String, _ plan: TestPlan, clean: [Double], changed: [Double]
  ) -> Markup {
    let channels = plan.input.channels
    let plane = ImagePlane(
      layout: plan.input.layout, shape: shape, channels: channels, clean: clean, changed: changed)
    let (clean, changed) = (plane?.clean ?? clean, plane?.changed ?? changed)
    guard let channel = plane?.channel ?? channels.first,
      let reading = ReadingPicture(
        shape: plane?.shape ?? shape, clean: clean, changed: changed, range: channel.range)
    else { return .nothing }
    let unit = channel.unit
    let which =
      channels.count > 1
      ? "Shown is \(channel.name), of \(channels.count) channels the one that changed most. " : ""
    let caption =
      start + which + "Black is \(DecimalText.quantity(reading.range.lowerBound)), white "
      + "\(DecimalText.quantity(reading.range.upperBound)) \(unit). Difference: \(reading.changedCells) of "
      + "\(changed.count) cells were changed, by at most "
      + "\(DecimalText.quantity(reading.largestChange)) \(unit); lighter with + is more, darker with − is "
      + "less, plain grey is unchanged."
    return tag(
      "figure", class: "readings",
      tag("div", class: "row", reading.render(id: id, title: title, description: caption)),
      tag("figcaption", [], .text(caption)))
  }
}
