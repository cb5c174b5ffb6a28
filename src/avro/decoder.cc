#include <array>
#include <atomic>
#include <set>
#include <vector>

#include "avro/codec.h"
#include "avro/compiler.h"
#include "avro/default_datum.h"
#include "avro/interpreter.h"
#include "avro/json_sink.h"
#include "avro/resolver.h"
#include "avro/validate_sink.h"
#include "base/mutex.h"

namespace omashu::avro {

namespace {

// Whether the defaults that a program may need fit their types: said when a decoder is made, not when it is used.
Result<void> check_defaults(const Resolution& root) {
  std::set<const Resolution*> seen = {&root};
  std::vector<const Resolution*> to_do = {&root};
  const auto visit = [&](const Resolution* part) {
    if (part != nullptr && seen.insert(part).second) to_do.push_back(part);
  };
  std::string datum;
  while (!to_do.empty()) {
    const Resolution& resolution = *to_do.back();
    to_do.pop_back();
    if (resolution.kind == Resolution::Kind::kMismatch) continue;
    for (const size_t index : resolution.defaulted) {
      const Field& field = resolution.reader->fields[index];
      datum.clear();
      if (auto appended = append_default(*field.type, *field.default_value, datum); !appended) {
        return fail(std::move(appended.error()).within("field " + field.name));
      }
    }
    for (const FieldResolution& field : resolution.fields) visit(field.value);
    for (const Resolution* branch : resolution.branches) visit(branch);
    visit(resolution.items);
  }
  return {};
}

}  // namespace

// The programs of a pair, each compiled when it is first asked for: most decoders are used in one way.
class Decoder::Programs {
 public:
  Programs(Schema writer, Schema reader) : writer_(std::move(writer)), reader_(std::move(reader)) {}

  // Before anything else.
  Result<void> resolve() {
    const auto resolution = resolver_.resolve(writer_.root(), reader_.root());
    if (!resolution) return fail(resolution.error());
    resolution_ = *resolution;
    return check_defaults(**resolution);
  }

  Result<const Program*> program(Target target) const {
    const size_t index = static_cast<size_t>(target);
    if (const Program* compiled = compiled_[index].load(std::memory_order_acquire)) [[likely]]
      return compiled;
    const MutexLock lock(mutex_);
    if (const Program* compiled = compiled_[index].load(std::memory_order_relaxed)) return compiled;
    auto program = compile_program(*resolution_, target);
    if (!program) return fail(std::move(program.error()));
    programs_[index] = std::make_unique<const Program>(std::move(*program));
    compiled_[index].store(programs_[index].get(), std::memory_order_release);
    return programs_[index].get();
  }

 private:
  static constexpr size_t kTargets = 3;

  const Schema writer_;
  const Schema reader_;
  Resolver resolver_;  // owns the resolution
  const Resolution* resolution_ = nullptr;
  mutable std::array<std::atomic<const Program*>, kTargets> compiled_ = {};
  mutable Mutex mutex_;
  mutable std::array<std::unique_ptr<const Program>, kTargets> programs_ GUARDED_BY(mutex_);
};

Result<Decoder> Decoder::compile(const Schema& writer, const Schema& reader) {
  auto programs = std::make_shared<Programs>(writer, reader);
  if (auto resolved = programs->resolve(); !resolved) return fail(std::move(resolved.error()));
  return Decoder(std::move(programs));
}

Result<void> Decoder::to_json(std::string_view bytes, JsonForm form, std::string& out) const {
  const auto program = programs_->program(form == JsonForm::kPlain ? Target::kPlainJson : Target::kAvroJson);
  if (!program) return fail(program.error());
  return append_json(**program, bytes, out);
}

Result<void> Decoder::validate(std::string_view bytes) const {
  const auto program = programs_->program(Target::kSlots);
  if (!program) return fail(program.error());
  ValidateSink sink;
  if (Interpreter<ValidateSink> interpreter(**program); !interpreter.run(bytes, sink)) [[unlikely]]
    return fail(interpreter.error());
  return {};
}

}  // namespace omashu::avro
