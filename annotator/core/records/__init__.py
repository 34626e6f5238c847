"""Parts of records: conversion of items to dicts and back, validation, conversion to decisions."""
