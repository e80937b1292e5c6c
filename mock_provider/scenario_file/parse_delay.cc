#include "mock_provider/scenario_file/parse_delay.h"

namespace mock_provider {
namespace {

Delay ParseUniform(ObjectReader& reader) {
  const auto lower = reader.Number("lower", 0);
  const auto upper = reader.Number("upper", 0);
  if (!reader.Has("lower")) reader.Mistake("lower", "a uniform distribution needs it");
  if (!reader.Has("upper")) reader.Mistake("upper", "a uniform distribution needs it");
  if (lower && upper && *lower > *upper) reader.Mistake("lower", "must not be above upper");
  return Delay::Uniform(lower.value_or(0), upper.value_or(0));
}

Delay ParseLognormal(ObjectReader& reader) {
  const auto median = reader.Number("median", 0);
  const auto sigma = reader.Number("sigma", 0, 10);
  if (!reader.Has("median")) reader.Mistake("median", "a lognormal distribution needs it");
  if (!reader.Has("sigma")) reader.Mistake("sigma", "a lognormal distribution needs it");
  return Delay::Lognormal(median.value_or(0), sigma.value_or(0), reader.Number("max", 0));
}

}  // namespace

std::optional<Delay> ParseDelay(ObjectReader& object, const std::string& field, Mistakes& mistakes) {
  const nlohmann::ordered_json* value = object.Find(field);
  if (!value) return std::nullopt;
  if (value->is_number()) {
    const double ms = value->get<double>();
    if (ms >= 0) return Delay::Fixed(ms);
  }
  if (!value->is_object()) {
    object.Mistake(field, "must be a number of milliseconds, 0 or more, or a distribution with a type");
    return std::nullopt;
  }
  ObjectReader reader(*value, object.PathOf(field), mistakes);
  if (!reader.Has("type")) reader.Mistake("type", "a distribution needs it: uniform or lognormal");
  const auto type = reader.OneOf("type", {"uniform", "lognormal"});
  if (!type) return std::nullopt;
  const Delay delay = *type == 0 ? ParseUniform(reader) : ParseLognormal(reader);
  reader.Finish();
  return delay;
}

}  // namespace mock_provider
