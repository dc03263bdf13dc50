// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/shop.h"

#include <algorithm>
#include <array>

namespace eventscope::app {

namespace {

// clang-format off
constexpr auto kCustomers = std::to_array<Customer>({
    {"customer-1", "Anna Lindqvist", "anna.lindqvist@example.com", "Stockholm", "SE"},
    {"customer-2", "Mateo García", "mateo.garcia@example.com", "Sevilla", "ES"},
    {"customer-3", "Yuki Tanaka", "yuki.tanaka@example.com", "Kyōto", "JP"},
    {"customer-4", "Zoë Vermeulen", "zoe.vermeulen@example.com", "Gent", "BE"},
    {"customer-5", "Kwame Mensah", "kwame.mensah@example.com", "Accra", "GH"},
    {"customer-6", "Ingrid Sørensen", "ingrid.sorensen@example.com", "Aarhus", "DK"},
    {"customer-7", "Łukasz Wójcik", "lukasz.wojcik@example.com", "Kraków", "PL"},
    {"customer-8", "Priya Raman", "priya.raman@example.com", "Chennai", "IN"},
    {"customer-9", "Tom O'Brien", "tom.obrien@example.com", "Cork", "IE"},
    {"customer-10", "Élodie Marchand", "elodie.marchand@example.com", "Lyon", "FR"},
    {"customer-11", "Nguyễn Minh", "minh.nguyen@example.com", "Huế", "VN"},
    {"customer-12", "Aylin Yılmaz", "aylin.yilmaz@example.com", "İzmir", "TR"},
    {"customer-13", "Jonas Keller", "jonas.keller@example.com", "Basel", "CH"},
    {"customer-14", "Sofia Rossi", "sofia.rossi@example.com", "Torino", "IT"},
    {"customer-15", "Liam Tremblay", "liam.tremblay@example.com", "Québec", "CA"},
    {"customer-16", "Olga Petrenko", "olga.petrenko@example.com", "Lviv", "UA"},
    {"customer-17", "Chen Wei", "chen.wei@example.com", "Chengdu", "CN"},
    {"customer-18", "Fatima El Amrani", "fatima.elamrani@example.com", "Rabat", "MA"},
    {"customer-19", "Diego Fernández", "diego.fernandez@example.com", "Rosario", "AR"},
    {"customer-20", "Hanna Virtanen", "hanna.virtanen@example.com", "Oulu", "FI"},
    {"customer-21", "Noah Williams", "noah.williams@example.com", "Boston", "US"},
    {"customer-22", "Amara Okafor", "amara.okafor@example.com", "Lagos", "NG"},
    {"customer-23", "Eva Nováková", "eva.novakova@example.com", "Brno", "CZ"},
    {"customer-24", "Ravi Sharma", "ravi.sharma@example.com", "Jaipur", "IN"},
    {"customer-25", "Grace Kimani", "grace.kimani@example.com", "Nairobi", "KE"},
    {"customer-26", "Björn Gunnarsson", "bjorn.gunnarsson@example.com", "Akureyri", "IS"},
    {"customer-27", "Mia Schneider", "mia.schneider@example.com", "Leipzig", "DE"},
    {"customer-28", "João Almeida", "joao.almeida@example.com", "Porto", "PT"},
    {"customer-29", "Leila Haddad", "leila.haddad@example.com", "Tunis", "TN"},
    {"customer-30", "Emily Clarke", "emily.clarke@example.com", "York", "GB"},
    {"customer-31", "Andrei Popescu", "andrei.popescu@example.com", "Cluj", "RO"},
    {"customer-32", "Isla MacLeod", "isla.macleod@example.com", "Oban", "GB"},
    {"customer-33", "Marek Horváth", "marek.horvath@example.com", "Košice", "SK"},
    {"customer-34", "Camila Rojas", "camila.rojas@example.com", "Valdivia", "CL"},
    {"customer-35", "Daniel Cohen", "daniel.cohen@example.com", "Haifa", "IL"},
    {"customer-36", "Nora Haugen", "nora.haugen@example.com", "Bergen", "NO"},
    {"customer-37", "Kenji Sato", "kenji.sato@example.com", "Sapporo", "JP"},
    {"customer-38", "Lucía Paredes", "lucia.paredes@example.com", "Cusco", "PE"},
    {"customer-39", "Eero Tamm", "eero.tamm@example.com", "Tartu", "EE"},
    {"customer-40", "Ana Kovač", "ana.kovac@example.com", "Split", "HR"},
});

constexpr auto kProducts = std::to_array<Product>({
    {"SKU-1001", "Espresso cups, set of four", "24.90"},
    {"SKU-1002", "Moka pot", "38.00"},
    {"SKU-1003", "Hand grinder", "74.50"},
    {"SKU-1004", "Gooseneck kettle", "119.00"},
    {"SKU-1005", "House blend, 1 kg", "21.80"},
    {"SKU-1006", "Single origin, 250 g", "9.75"},
    {"SKU-1007", "Paper filters, 100", "4.20"},
    {"SKU-1008", "Kitchen scale", "29.99"},
    {"SKU-1009", "Linen apron", "34.00"},
    {"SKU-1010", "Cast-iron pan", "59.95"},
    {"SKU-1011", "Chef's knife", "89.00"},
    {"SKU-1012", "Cutting board, oak", "42.50"},
    {"SKU-1013", "Pepper mill", "27.00"},
    {"SKU-1014", "Olive oil, 500 ml", "13.40"},
    {"SKU-1015", "Sea salt flakes", "5.60"},
    {"SKU-1016", "Wok", "64.00"},
    {"SKU-1017", "Rice cooker", "129.90"},
    {"SKU-1018", "Tea tin, sencha", "16.30"},
    {"SKU-1019", "Stoneware teapot", "48.00"},
    {"SKU-1020", "Mixing bowls, three", "31.25"},
    {"SKU-1021", "Rolling pin", "18.00"},
    {"SKU-1022", "Bread tin", "15.75"},
    {"SKU-1023", "Rye flour, 2 kg", "6.10"},
    {"SKU-1024", "Proving basket", "19.90"},
    {"SKU-1025", "Pasta machine", "69.00"},
    {"SKU-1026", "Preserving jars, six", "22.40"},
    {"SKU-1027", "Oven gloves", "12.95"},
    {"SKU-1028", "Timer, mechanical", "11.00"},
    {"SKU-1029", "Cookbook, vegetables", "35.00"},
    {"SKU-1030", "Cookbook, bread", "32.00"},
});
// clang-format on

constexpr Customer kBrokenAddress{"customer-404", "Max Mustermann", "max.mustermann@@example", "Bielefeld", "DE"};
constexpr Product kMissingFromCatalogue{"SKU-9404", "Sample, not for sale", "1.00"};
constexpr Product kOutOfStock{"SKU-9000", "Copper kettle, limited edition", "249.00"};
constexpr Product kLocksTheLedger{"SKU-9500", "Gift card", "50.00"};

} // namespace

std::span<const Customer> customers()
{
    return kCustomers;
}

std::span<const Product> products()
{
    return kProducts;
}

const Customer* findCustomer(std::string_view id)
{
    if (id == kBrokenAddress.id) {
        return &kBrokenAddress;
    }
    const auto found = std::ranges::find(kCustomers, id, &Customer::id);
    return found == kCustomers.end() ? nullptr : &*found;
}

const Product* findProduct(std::string_view sku)
{
    for (const Product* product : {&kOutOfStock, &kLocksTheLedger}) {
        if (sku == product->sku) {
            return product;
        }
    }
    const auto found = std::ranges::find(kProducts, sku, &Product::sku);
    return found == kProducts.end() ? nullptr : &*found;
}

const Customer& customerWithBrokenAddress()
{
    return kBrokenAddress;
}

const Product& productMissingFromCatalogue()
{
    return kMissingFromCatalogue;
}

const Product& productOutOfStock()
{
    return kOutOfStock;
}

const Product& productThatLocksTheLedger()
{
    return kLocksTheLedger;
}

} // namespace eventscope::app
