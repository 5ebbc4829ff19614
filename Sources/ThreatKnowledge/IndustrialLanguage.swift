public import EngineSupport

/// The bundled industrial threat language: its MAL sources, main file first.
///
/// The build knows a resource by its file name alone, so file names are unique across the folders.
public enum IndustrialLanguage {
  /// Documents are named as they lie in the repository, so that a cited rule line can be opened; in the
  /// order in which the main file includes them.
  public static var sources: [InputDocument] {
    [
      document("industrial.mal", PackageResources.industrial_mal),
      document("box/elements.mal", PackageResources.elements_mal),
      document("box/nodes.mal", PackageResources.nodes_mal),
      document("box/flows.mal", PackageResources.flows_mal),
      document("box/carriers.mal", PackageResources.carriers_mal),
      document("box/protocols/control.mal", PackageResources.control_mal),
      document("box/protocols/substation.mal", PackageResources.substation_mal),
      document("box/protocols/exchange.mal", PackageResources.exchange_mal),
      document("box/protocols/sessions.mal", PackageResources.sessions_mal),
      document("box/protocols/field.mal", PackageResources.field_mal),
      document("box/networks.mal", PackageResources.networks_mal),
      document("box/devices.mal", PackageResources.devices_mal),
      document("box/hosts.mal", PackageResources.hosts_mal),
      document("box/ports-and-media.mal", PackageResources.ports_and_media_mal),
      document("box/identities.mal", PackageResources.identities_mal),
      document("box/firmware-and-updates.mal", PackageResources.firmware_and_updates_mal),
      document("box/remote-and-cloud.mal", PackageResources.remote_and_cloud_mal),
      document("box/supply-chain.mal", PackageResources.supply_chain_mal),
      document("brain/data.mal", PackageResources.data_mal),
      document("brain/training.mal", PackageResources.training_mal),
      document("brain/model.mal", PackageResources.model_mal),
      document("brain/detector.mal", PackageResources.detector_mal),
      document("brain/artefacts.mal", PackageResources.artefacts_mal),
      document("brain/inference.mal", PackageResources.inference_mal),
      document("brain/decision.mal", PackageResources.decision_mal),
      document("brain/operation.mal", PackageResources.operation_mal),
      document("sensor/quantity.mal", PackageResources.quantity_mal),
      document("sensor/transducer.mal", PackageResources.transducer_mal),
      document("sensor/waves.mal", PackageResources.waves_mal),
      document("sensor/signal-path.mal", PackageResources.signal_path_mal),
      document("process/references.mal", PackageResources.references_mal),
      document("process/supervision.mal", PackageResources.supervision_mal),
      document("process/controllers.mal", PackageResources.controllers_mal),
      document("process/safety.mal", PackageResources.safety_mal),
      document("process/actuation.mal", PackageResources.actuation_mal),
    ]
  }

  /// What the language leaves out on purpose, each with its reason, as JSON: techniques of ATT&CK for ICS
  /// (`attack`) and ATLAS (`atlas`), rows of IEC 62443-4-2 (`cr`), and defences that remove no path in any
  /// sample (`defences`, by `Asset.defence`).
  public static var notModelled: InputDocument {
    document("not-modelled.json", PackageResources.not_modelled_json)
  }

  private static func document(_ name: String, _ bytes: [UInt8]) -> InputDocument {
    InputDocument(name: "Industrial/\(name)", bytes: bytes)
  }
}
