#include <gtest/gtest.h>

#include <string>

#include "proxy/config/load.h"

namespace arbstr::proxy {
namespace {

std::string Provider(const std::string& name, const std::string& more) {
  return "[[providers]]\nname = \"" + name + "\"\nurl = \"http://h/v1\"\n" + more + "\n";
}

std::string Warnings(const std::string& text) {
  const LoadResult loaded = LoadConfig(text, "f.toml", [](const std::string&) { return std::nullopt; });
  EXPECT_TRUE(loaded.config) << loaded.errors.front();
  std::string all;
  for (const auto& warning : loaded.warnings) all += warning + "\n";
  return all;
}

const std::string kPaid = Provider("paid", "models = [\"gpt-4o\"]\ninput_rate = 1");

TEST(LoadWarningsTest, AProviderWithoutRatesTakesWhatOthersServe) {
  EXPECT_EQ(Warnings(Provider("local", "") + kPaid),
            "f.toml:2:8: providers[0].name: local has no rates: it counts as free and comes first for every "
            "model, since it has no models either; give its rates, or input_rate = 0 if it is free\n");
  EXPECT_EQ(Warnings(kPaid + Provider("local", "models = [\"llama\", \"gpt-4o\"]")),
            "f.toml:7:8: providers[1].name: local has no rates: it counts as free and comes first for every "
            "model that it serves; give its rates, or input_rate = 0 if it is free\n");
}

TEST(LoadWarningsTest, OneThatHasNoModelsServesEachOfTheOthers) {
  EXPECT_NE(Warnings(Provider("paid", "input_rate = 1") + Provider("local", "models = [\"llama\"]"))
                .find("local has no rates"),
            std::string::npos);
}

TEST(LoadWarningsTest, OneThatTakesNothingOrIsMeantToBeFreeDoesNotWarn) {
  EXPECT_EQ(Warnings(kPaid + Provider("local", "models = [\"llama\"]")), "");
  EXPECT_EQ(Warnings(kPaid + Provider("local", "input_rate = 0")), "");
  EXPECT_EQ(Warnings(kPaid + Provider("local", "base_fee = 0.5")), "");
  EXPECT_EQ(Warnings(Provider("local", "") + Provider("other", "")), "");
  EXPECT_EQ(Warnings(Provider("local", "")), "");
}

TEST(LoadWarningsTest, AModelNameThatNobodyAsksForHereWarns) {
  EXPECT_EQ(Warnings(Provider("a", "models = [\"m\"]\nmodel_names = { m = \"x/m\", n = \"x/n\" }")),
            "f.toml:5:15: providers[0].model_names: \"n\" is not in models, so nobody asks for it here\n");
  EXPECT_EQ(Warnings(Provider("a", "model_names = { n = \"x/n\" }")), "");
}

TEST(LoadWarningsTest, AnAllowedModelThatNobodyServesWarns) {
  const std::string rule = "[[policies.rules]]\nname = \"r\"\nallowed_models = [\"gpt-4o\", \"gpt4o\"]\n";
  EXPECT_EQ(Warnings(kPaid + rule),
            "f.toml:8:18: policies.rules[0].allowed_models: no provider serves \"gpt4o\"\n");
  EXPECT_EQ(Warnings(Provider("any", "") + rule), "");
}

}  // namespace
}  // namespace arbstr::proxy
