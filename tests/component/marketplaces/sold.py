"""Orders as the platforms' order calls give them, buyers included."""

from __future__ import annotations

from typing import Any

from tests.component.marketplaces.accounts import SENDO_SHOP, TIKI_SELLER

BUYER_PHONE = "0912345678"
BUYER_NAME = "Nguoi Mua Thu"


def shopee_order(number: str) -> dict[str, Any]:
    return {
        "order_sn": number,
        "currency": "VND",
        "total_amount": 892000.0,
        "estimated_shipping_fee": 32000.0,
        "buyer_username": BUYER_NAME,
        "recipient_address": {"phone": BUYER_PHONE},
        "item_list": [
            _shopee_item("MBH-500", "Mật ong bạc hà", 2, 350000.0),
            _shopee_item("CHE-200", "Chè Shan tuyết", 1, 180000.0),
        ],
    }


def _shopee_item(sku: str, name: str, quantity: int, price: float) -> dict[str, Any]:
    return {
        "item_id": 2600144043,
        "item_name": name,
        "item_sku": sku,
        "model_sku": "",
        "model_quantity_purchased": quantity,
        "model_original_price": price + 10000,
        "model_discounted_price": price,
    }


def shopee_product(number: int, state: str, changed: int, price: float = 350000.0, **more: Any) -> dict[str, Any]:
    return {
        "item_id": number,
        "item_name": "Mật ong bạc hà",
        "item_sku": f"MBH-{number}",
        "item_status": state,
        "create_time": changed,
        "update_time": changed,
        "has_model": False,
        "price_info": [{"currency": "VND", "original_price": price + 10000, "current_price": price}],
        "stock_info_v2": {"summary_info": {"total_reserved_stock": 1, "total_available_stock": 40}},
        "gtin_code": "8936012345674",
        **more,
    }


def lazada_items(*states: str) -> list[dict[str, Any]]:
    """An item a state, numbered from 1."""
    return [
        {
            "order_item_id": number,
            "name": "Cam sành",
            "sku": "CAM-10KG",
            "status": state,
            "item_price": 250000.00,
            "paid_price": "240000.00",
            "shipping_amount": "15000.00",
            "currency": "VND",
            "buyer_id": 1001,
        }
        for number, state in enumerate(states, 1)
    ]


def tiktok_order(number: str) -> dict[str, Any]:
    unit = {"product_name": "Rượu ngô", "seller_sku": "RUOU-1L", "sku_id": "27", "sale_price": "90000"}
    return {
        "id": number,
        "status": "IN_TRANSIT",
        "buyer_email": "x@y.vn",
        "payment": {"currency": "VND", "total_amount": "285000", "shipping_fee": "25000", "sub_total": "260000"},
        "line_items": [{**unit, "id": str(each)} for each in range(3)],
    }


def tiki_order(number: str) -> dict[str, Any]:
    product = {"id": 1, "sku": "7312", "seller_product_code": "GAO-5KG", "name": "Gạo Già Dui 5 kg"}
    return {
        "code": number,
        "status": "shipping",
        "invoice": {"grand_total": 400000, "shipping_amount_after_discount": 20000},
        "items": [{"product": product, "invoice": {"price": "190000.00", "quantity": 2, "row_total": "380000.00"}}],
        "customer": {"full_name": BUYER_NAME},
    }


def tiki_event(number: str, status: str, created: int, kind: str = "ORDER_STATUS_UPDATED") -> dict[str, Any]:
    return {
        "id": f"{number}-{status}",
        "sid": TIKI_SELLER,
        "created_at": created,
        "type": kind,
        "version": "v1",
        "payload": {"order_code": number, "status": status},
    }


def sendo_order(number: str, status: int, changed: int) -> dict[str, Any]:
    return {
        "sales_order": {
            "order_number": number,
            "store_id": int(SENDO_SHOP),
            "order_status": status,
            "order_status_date_time_stamp": changed,
            "total_amount": 250000,
            "shipping_fee": 30000,
            "buyer_phone": BUYER_PHONE,
            "receiver_name": BUYER_NAME,
        },
        "sku_details": [{"sku": "MAT-ONG", "product_name": "Mật ong", "quantity": 1, "price": 220000}],
    }
