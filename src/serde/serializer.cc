#include "serde/serializer.h"

#include <fmt/core.h>

#include <utility>
#include <vector>

#include "avro/compatibility.h"
#include "serde/schema_loader.h"

namespace omashu::serde {

using schema_registry::SchemaText;
using schema_registry::SubjectVersion;

// The questions that are asked of the registry before the first record.
class SerializerOpening {
 public:
  SerializerOpening(schema_registry::Client& client, const std::string& topic, RecordPart part,
                    const std::optional<SchemaText>& text, const SerializerOptions& options)
      : client_(client), loader_(client), topic_(topic), part_(part), text_(text), options_(options) {}

  Result<Serializer> run() {
    if (auto checked = check_options(); !checked) return fail(std::move(checked.error()));
    if (text_) {
      Result<avro::Schema> schema = loader_.load_new(*text_);
      if (!schema) return fail(std::move(schema.error()));
      given_ = std::move(*schema);
    }
    const Result<Chosen> chosen = choose();
    if (!chosen) return fail(chosen.error());
    return finish(*chosen);
  }

 private:
  // The schema to write with, under its id.
  struct Chosen {
    avro::Schema schema;
    SchemaId id;
    std::string subject;
    std::optional<std::string> guid;
  };

  Result<void> check_options() const {
    if (!text_ && !options_.use_latest_version && !options_.use_schema_id) {
      return fail(ErrorCode::kInvalidArgument,
                  "a schema is needed, or use.latest.version=true, or the id of a registered one (use.schema.id)");
    }
    if (options_.use_latest_version && options_.use_schema_id) {
      return fail(ErrorCode::kInvalidArgument, "use.latest.version and use.schema.id exclude each other");
    }
    if (text_ && options_.auto_register_schemas && options_.use_latest_version) {
      return fail(ErrorCode::kInvalidArgument,
                  "use.latest.version=true with a schema of its own needs auto.register.schemas=false");
    }
    return {};
  }

  Result<Chosen> choose() {
    if (options_.use_schema_id) return choose_by_id(*options_.use_schema_id);
    Result<std::string> subject =
        subject_name(options_.subject_name_strategy, topic_, part_, given_ ? &*given_ : nullptr);
    if (!subject) return fail(std::move(subject.error()));
    if (options_.use_latest_version) return choose_latest(*subject);
    return options_.auto_register_schemas ? register_given(*subject) : look_given_up(*subject);
  }

  Result<Chosen> choose_by_id(SchemaId id) {
    Result<avro::Schema> schema = loader_.load(SchemaKey(id));
    if (!schema) return fail(std::move(schema.error()));
    if (options_.id_compatibility_strict) {
      const std::string name = to_text(SchemaKey(id));
      if (auto checked = check_can_carry(*schema, name, "id.compatibility.strict"); !checked) {
        return fail(std::move(checked.error()));
      }
    }
    Chosen chosen{std::move(*schema), id, "", std::nullopt};
    if (needs_guid()) {
      const auto places = client_.versions_of_id(id);
      if (!places) return fail(places.error());
      if (!places->empty()) {
        Result<SubjectVersion> version = client_.version(places->front().subject, places->front().version);
        if (!version) return fail(std::move(version.error()));
        chosen.guid = std::move(version->guid);
      }
    }
    return chosen;
  }

  Result<Chosen> choose_latest(const std::string& subject) {
    Result<SubjectVersion> latest = client_.latest(subject);
    if (!latest) return fail(std::move(latest.error()));
    Result<avro::Schema> schema = loader_.load_registered(latest->text);
    if (!schema) return fail(std::move(schema.error()));
    if (options_.latest_compatibility_strict) {
      const std::string name = fmt::format("version {} of {}", latest->version, subject);
      if (auto checked = check_can_carry(*schema, name, "latest.compatibility.strict"); !checked) {
        return fail(std::move(checked.error()));
      }
    }
    return Chosen{std::move(*schema), latest->id, subject, std::move(latest->guid)};
  }

  Result<Chosen> register_given(const std::string& subject) {
    const Result<SchemaId> id = client_.register_schema(subject, *text_, options_.normalize_schemas);
    if (!id) return fail(id.error());
    Chosen chosen{*given_, *id, subject, std::nullopt};
    if (needs_guid()) {
      Result<SubjectVersion> found = client_.lookup(subject, *text_, options_.normalize_schemas);
      if (!found) return fail(std::move(found.error()));
      chosen.guid = std::move(found->guid);
    }
    return chosen;
  }

  Result<Chosen> look_given_up(const std::string& subject) {
    Result<SubjectVersion> found = client_.lookup(subject, *text_, options_.normalize_schemas);
    if (!found && found.error().code == ErrorCode::kNotFound) {
      return fail(std::move(found.error())
                      .within(fmt::format("the schema is not registered under {}: register it, or set "
                                          "auto.register.schemas=true",
                                          subject)));
    }
    if (!found) return fail(std::move(found.error()));
    return Chosen{*given_, found->id, subject, std::move(found->guid)};
  }

  // Whether data of the given schema can be told in the registered one.
  Result<void> check_can_carry(const avro::Schema& registered, const std::string& name, const char* property) const {
    if (!given_) return {};
    const std::vector<avro::Incompatibility> reasons = avro::find_incompatibilities(registered, *given_);
    if (reasons.empty()) return {};
    return fail(ErrorCode::kIncompatible,
                fmt::format("the given schema is not compatible with {}: {} at {}; {}=false lets it pass", name,
                            reasons.front().message, reasons.front().location, property));
  }

  bool needs_guid() const { return options_.schema_id_place == SchemaIdPlace::kHeader; }

  Result<Serializer> finish(const Chosen& chosen) const {
    Result<avro::Encoder> encoder = avro::Encoder::compile(chosen.schema);
    if (!encoder) return fail(std::move(encoder.error()));
    Serializer serializer(chosen.schema, std::move(*encoder));
    serializer.id_ = chosen.id;
    serializer.subject_ = chosen.subject;
    serializer.is_raw_bytes_ = is_top_level_bytes(chosen.schema) && options_.top_level_bytes == TopLevelBytes::kRaw;
    if (!needs_guid()) {
      append_id_frame(serializer.frame_, chosen.id);
      return serializer;
    }
    const std::optional<Guid> guid = chosen.guid ? parse_guid(*chosen.guid) : std::nullopt;
    if (!guid) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("the registry tells no guid for {}: write the schema id into the payload instead",
                              to_text(SchemaKey(chosen.id))));
    }
    serializer.header_ = {std::string(schema_id_header_name(part_)), guid_header_value(*guid)};
    return serializer;
  }

  schema_registry::Client& client_;
  const SchemaLoader loader_;
  const std::string& topic_;
  const RecordPart part_;
  const std::optional<SchemaText>& text_;
  const SerializerOptions& options_;
  std::optional<avro::Schema> given_;
};

Result<Serializer> Serializer::open(schema_registry::Client& client, const std::string& topic, RecordPart part,
                                    const std::optional<SchemaText>& text, const SerializerOptions& options) {
  Result<Serializer> serializer = SerializerOpening(client, topic, part, text, options).run();
  if (!serializer) {
    return fail(std::move(serializer.error()).within(fmt::format("{} {}", topic, record_part_name(part))));
  }
  return serializer;
}

Result<void> Serializer::serialize(std::string_view json, std::string& out, avro::JsonForm form) const {
  const size_t start = out.size();
  out += frame_;
  if (auto encoded = encoder_.from_json(json, out, form); !encoded) {
    out.resize(start);
    return encoded;
  }
  if (is_raw_bytes_) remove_length(out, start + frame_.size());
  return {};
}

void Serializer::serialize_avro(std::string_view datum, std::string& out) const {
  const size_t start = out.size();
  out += frame_;
  out += datum;
  if (is_raw_bytes_) remove_length(out, start + frame_.size());
}

}  // namespace omashu::serde
