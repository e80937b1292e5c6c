// Reads one object of a scenario file field by field. A field that nobody asked for is a mistake: nothing in
// a scenario is ever ignored.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_OBJECT_READER_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_OBJECT_READER_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace mock_provider {

// The mistakes found so far, each a line "PATH: what is wrong". Paths look like
// providers[0].rules[2].match.model.
class Mistakes {
 public:
  void Add(const std::string& path, const std::string& what);
  const std::vector<std::string>& lines() const { return lines_; }  // the first of them
  bool Full() const { return lines_.size() >= kMostLines; }         // a further one is only counted
  std::string Joined() const;                                       // a line each

 private:
  static constexpr std::size_t kMostLines = 100;

  std::size_t left_out_ = 0;
  std::vector<std::string> lines_;
};

class ObjectReader {
 public:
  // Anything but an object is a mistake, and reads as an empty one. Value and mistakes must outlive the
  // reader. `whole` is what a document is called, whose path is empty.
  ObjectReader(const nlohmann::ordered_json& value, std::string path, Mistakes& mistakes,
               const std::string& whole = "scenario");

  // Each takes a field: nullopt or nullptr where it is absent, or where it is wrong, which is noted as a
  // mistake.
  const nlohmann::ordered_json* Find(const std::string& field);
  std::optional<std::string> String(const std::string& field);
  std::optional<bool> Bool(const std::string& field);
  std::optional<double> Number(const std::string& field, double min,
                               double max = std::numeric_limits<double>::max());
  std::optional<std::int64_t> Integer(const std::string& field, std::int64_t min, std::int64_t max);
  std::vector<std::string> Strings(const std::string& field);
  // The position in the names of the one that the field holds.
  std::optional<std::size_t> OneOf(const std::string& field, const std::vector<std::string>& names);
  // Calls back with each element of an array and its path.
  void Each(const std::string& field,
            const std::function<void(const nlohmann::ordered_json&, const std::string&)>& element);

  bool Has(const std::string& field) const;
  std::string PathOf(const std::string& field) const;
  void Mistake(const std::string& field, const std::string& what);

  // Notes every field that was not asked for, with the known one that comes nearest; whether there was none.
  // Call it once, when all fields have been read.
  bool Finish();

 private:
  const nlohmann::ordered_json& value_;
  std::string path_;
  Mistakes& mistakes_;
  std::vector<std::string> known_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_OBJECT_READER_H_
